"""Orders in which units are hidden, and the rows along them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_SAME = 1e-9  # of the largest score: what rounding may tell apart is a tie


def falling(scores: Floats, n_draws: int, rng: np.random.Generator) -> Ints:
    """int[orders, units]: units by falling score; where some are tied `n_draws` orders, their ties broken at random."""
    groups = tie_groups(scores)
    if len(np.unique(groups)) == len(scores):
        return np.argsort(groups, kind="stable")[None]
    keys = rng.random((n_draws, len(scores)))
    return np.lexsort((keys, np.broadcast_to(groups, keys.shape)), axis=-1)


def tie_groups(scores: Floats) -> Ints:
    """int[units]: 0 for the units with the highest score, 1 for the next, and so on; tied units share a number."""
    order = np.argsort(-scores, kind="stable")
    drops = -np.diff(scores[order]) > _SAME * np.abs(scores).max(initial=0.0)
    groups = np.empty(len(scores), dtype=np.int64)
    groups[order] = np.concatenate([[0], np.cumsum(drops)])[: len(scores)]
    return groups


def random_pairs(n_units: int, n_pairs: int, rng: np.random.Generator) -> Ints:
    """int[2 · pairs, units]: random orders and their reverses, whose rows they share."""
    drawn = rng.random((n_pairs, n_units)).argsort(axis=1)
    return np.concatenate([drawn, drawn[:, ::-1]])


def counts_at(thresholds: npt.ArrayLike, n_units: int) -> Ints:
    """How many units each threshold, in per cent, hides: rounded, and at least one."""
    shares = np.asarray(thresholds, dtype=np.float64) / 100
    return np.maximum(1, np.rint(shares * n_units)).astype(np.int64)


def curve_counts(n_units: int, most_points: int, thresholds: npt.ArrayLike) -> Ints:
    """Numbers of hidden units at which curves are read: 0 to all, every one up to `most_points`, and the thresholds."""
    even = np.rint(np.linspace(0, n_units, min(n_units, most_points) + 1)).astype(np.int64)
    return np.unique(np.concatenate([even, counts_at(thresholds, n_units)]))


def first_hidden(orders: Ints, counts: Ints) -> Bools:
    """keep bool[orders, counts, units]: the first so many units of each order are hidden."""
    place = np.argsort(orders, axis=-1)
    return np.asarray(place[:, None, :] >= counts[:, None])
