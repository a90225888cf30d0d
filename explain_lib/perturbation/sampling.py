"""Samplers: which units to keep in which row, and which rows were drawn together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Rows of a sampler.

    Shapes: `keep` bool[rows, units]; `block` int[rows]: rows of one block were drawn together, blocks are what a
    standard error may treat as independent draws.
    """

    keep: Bools
    block: Ints


def all_subsets(n_units: int) -> Sample:
    """Every subset once, 2 ** n_units rows; row r keeps the units whose bits are set in r."""
    rows = np.arange(2**n_units)
    return Sample((rows[:, None] >> np.arange(n_units) & 1).astype(bool), rows)


def sliding_windows(n_units: int, window: int) -> Sample:
    """Rows that hide `window` neighbouring units and keep all others; window 1 leaves one out at a time."""
    starts = np.arange(n_units - window + 1)
    units = np.arange(n_units)
    hidden = (units >= starts[:, None]) & (units < starts[:, None] + window)
    return Sample(~hidden, starts)


def antithetic_orders(n_units: int, n_pairs: int, rng: np.random.Generator) -> tuple[Sample, Ints]:
    """Chains from the empty to the full row along random orders and their reverses, no pair drawn twice.

    Returns rows for [pairs, 2, units + 1], flattened, a block being one pair, and the orders int[pairs, 2, units].
    """
    drawn: dict[bytes, Ints] = {}
    while len(drawn) < n_pairs:
        order = rng.permutation(n_units)
        canonical = order if order[0] <= order[-1] else order[::-1]
        drawn.setdefault(canonical.tobytes(), order)
    forward = np.stack(list(drawn.values()))
    orders = np.stack([forward, forward[:, ::-1]], axis=1)
    arrival = np.argsort(orders, axis=2)
    keep = arrival[:, :, None, :] < np.arange(n_units + 1)[:, None]
    block = np.repeat(np.arange(n_pairs), 2 * (n_units + 1))
    return Sample(keep.reshape(-1, n_units), block), orders


def uniform_pairs(n_units: int, n_pairs: int, rng: np.random.Generator) -> Sample:
    """Pairs of a subset and its complement, all equally likely, none drawn twice, the pair empty–full left out.

    Rows 2p and 2p + 1 are pair p; the first of them keeps unit 0. Raises ValueError where there are fewer pairs.
    """
    n_all = 2 ** (n_units - 1) - 1 if n_units else 0
    if n_pairs > n_all:
        raise ValueError(f"{n_units} units have {n_all} pairs of complements, {n_pairs} were asked for.")
    if n_all <= 2 * n_pairs:  # so few that drawing with rejection would stall
        numbers = np.sort(rng.choice(n_all, n_pairs, replace=False)) if n_pairs else np.zeros(0, dtype=np.int64)
        rest = (numbers[:, None] >> np.arange(max(n_units - 1, 0)) & 1).astype(bool)
        sets = np.concatenate([np.ones((n_pairs, min(n_units, 1)), dtype=bool), rest], axis=1)
    else:
        sets = np.zeros((0, n_units), dtype=bool)
        while len(sets) < n_pairs:
            drawn = rng.random((n_pairs - len(sets), n_units)) < 0.5
            drawn[:, 0] = True
            sets = np.concatenate([sets, drawn[~drawn.all(axis=1)]])
            sets = sets[np.sort(first_occurrences(sets)[0])]
    keep = np.stack([sets, ~sets], axis=1).reshape(-1, n_units)
    return Sample(keep, np.repeat(np.arange(n_pairs), 2))


def leverage_pairs(n_units: int, n_pairs: int, rng: np.random.Generator) -> Sample:
    """Pairs of a subset and its complement; every size has the same leverage in all, no pair is drawn twice.

    Leverage sampling without replacement (Musco & Witter, 2024), with a fixed number of pairs per size: rows 2p and
    2p + 1 are pair p, the smaller subset first.
    """
    counts = size_counts(n_units, n_pairs)
    sets = [_distinct_sets(n_units, size, m, rng) for size, m in enumerate(counts, start=1) if m]
    smaller = np.concatenate(sets)
    keep = np.stack([smaller, ~smaller], axis=1).reshape(-1, n_units)
    return Sample(keep, np.repeat(np.arange(len(smaller)), 2))


def size_counts(n_units: int, n_pairs: int) -> list[int]:
    """How many of `n_pairs` pairs have a smaller subset of size 1, 2, … units // 2."""
    strata = pair_strata(n_units)
    return allocate([n for n, _ in strata], [share for _, share in strata], n_pairs)


def pair_strata(n_units: int) -> list[tuple[int, float]]:
    """(number of pairs, leverage in all) for the smaller size 1 to units // 2 of a pair.

    A pair spans two sizes of leverage 1 each, except that the middle size of an even game pairs with itself.
    """
    halves = [2 * size == n_units for size in range(1, n_units // 2 + 1)]
    return [(comb(n_units, s) // (1 + half), 1.0 if half else 2.0) for s, half in enumerate(halves, start=1)]


def allocate(sizes: list[int], shares: list[float], total: int) -> list[int]:
    """Split `total` draws over strata in proportion to `shares`, none above its size (inclusion min(1, c·share))."""
    counts = [0] * len(sizes)
    open_strata, left = list(range(len(sizes))), min(total, sum(sizes))
    while open_strata:
        unit = left / sum(shares[i] for i in open_strata)
        full = [i for i in open_strata if sizes[i] <= unit * shares[i]]
        if not full:
            break
        for i in full:
            counts[i] = sizes[i]
        left -= sum(sizes[i] for i in full)
        open_strata = [i for i in open_strata if i not in full]
    exact = {i: unit * shares[i] for i in open_strata}
    for i, share in exact.items():
        counts[i] = int(share)
    by_remainder = sorted(exact, key=lambda i: (counts[i] - exact[i], i))
    for i in by_remainder[: left - sum(int(share) for share in exact.values())]:
        counts[i] += 1
    return counts


def _distinct_sets(n_units: int, size: int, n_sets: int, rng: np.random.Generator) -> Bools:
    """`n_sets` different subsets of one size, no two of them complements of each other: bool[n_sets, units]."""
    is_middle = 2 * size == n_units
    n_all = comb(n_units, size) // (1 + is_middle)
    if n_all <= 2 * n_sets:  # so few that drawing with rejection would stall: list them (those with unit 0 come first)
        listed = np.array(list(islice(combinations(range(n_units), size), n_all)))
        members = listed[np.sort(rng.choice(n_all, n_sets, replace=False))]
        sets = np.zeros((n_sets, n_units), dtype=bool)
        np.put_along_axis(sets, members, True, axis=1)
        return sets
    found = np.zeros((0, n_units), dtype=bool)
    while len(found) < n_sets:
        drawn = _random_sets(n_units, np.full(n_sets - len(found), size), rng)
        if is_middle:
            drawn ^= ~drawn[:, :1]  # the complement stands for the pair if it is the one that holds unit 0
        found = np.concatenate([found, drawn])
        found = found[np.sort(first_occurrences(found)[0])]
    return found


def _random_sets(n_units: int, sizes: Ints, rng: np.random.Generator) -> Bools:
    """One uniform subset for each size in `sizes`: bool[len(sizes), units]."""
    ranks = np.argsort(np.argsort(rng.random((len(sizes), n_units)), axis=1), axis=1)
    return np.asarray(ranks < sizes[:, None])


def first_occurrences(rows: Bools) -> tuple[Ints, Ints]:
    """Where each distinct row occurs first, and for every row the index of its distinct row (as in np.unique)."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    keys = packed.view(np.dtype((np.void, max(1, packed.shape[1])))).ravel() if packed.size else np.zeros(len(rows))
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)
