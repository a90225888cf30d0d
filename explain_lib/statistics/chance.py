"""What is left of a similarity when the part that any shuffled attribution would get is taken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from .similarity import SIMILARITIES, Similarity, as_pairs

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

N_PERMUTATIONS = 100
_NO_ROOM = 1e-9  # above chance: a shuffled attribution is as similar as can be
_CELLS = 2_000_000  # shuffled scores held at once


def chance_corrected(
    measures: Sequence[Similarity],
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    present: npt.ArrayLike | None = None,
    rng: int | np.random.Generator = 0,
) -> Floats:
    """(s − s0) / (1 − s0) of each measure, clipped to −1 … 1: 1 the same, 0 no better than chance.

    Shapes: a, b float[..., units], `present` bool[..., units]; returns float[measures, ...]. s0 is the mean of s over
    100 permutations of the units of b, the same ones for all measures, as far as it has a value there. Where every
    permutation gets 1 (a uniform attribution), and where s is not a number (zeros only), there is nothing above chance:
    0. Fewer than two units present: NaN. Cost: 100 comparisons per pair and measure, a block of pairs at a time.
    """
    first, second, compared = as_pairs(a, b, present)
    shape, n_units = first.shape[:-1], first.shape[-1]
    if not n_units:
        return np.full((len(measures), *shape), np.nan)
    first, second, compared = (first.reshape(-1, n_units), second.reshape(-1, n_units), compared.reshape(-1, n_units))
    corrected = np.full((len(measures), len(first)), np.nan)
    generator = np.random.default_rng(rng)
    for block in _blocks(len(first), n_units):
        x, y, known = _present_first(first[block], second[block], compared[block])
        order = _permutations(known, generator)
        for i, measure in enumerate(measures):
            corrected[i, block] = _corrected(measure, x, y, known, order)
    corrected[:, compared.sum(axis=-1) < 2] = np.nan
    return corrected.reshape(len(measures), *shape)


def corrected_similarity(
    a: npt.ArrayLike, b: npt.ArrayLike, present: npt.ArrayLike | None = None, rng: int | np.random.Generator = 0
) -> Floats:
    """float[...]: the mean of the four chance-corrected SIMILARITIES, from −1 to 1; shapes as in `chance_corrected`."""
    return np.asarray(chance_corrected(SIMILARITIES, a, b, present, rng).mean(axis=0))


def _blocks(n_pairs: int, n_units: int) -> Iterator[slice]:
    size = max(1, _CELLS // max(1, n_units * N_PERMUTATIONS))
    return (slice(at, min(at + size, n_pairs)) for at in range(0, n_pairs, size))


def _present_first(a: Floats, b: Floats, present: Bools) -> tuple[Floats, Floats, Bools]:
    order = np.argsort(~present, axis=-1, kind="stable")
    known = np.take_along_axis(present, order, axis=-1)
    x, y = (np.where(known, np.take_along_axis(scores, order, axis=-1), 0.0) for scores in (a, b))
    return x, y, known


def _permutations(known: Bools, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """int[pairs, permutations, units]: the present units in random order, then the others."""
    keys = rng.random((len(known), N_PERMUTATIONS, known.shape[-1]))
    return np.argsort(np.where(known[:, None], keys, np.inf), axis=-1, kind="stable")


def _corrected(measure: Similarity, a: Floats, b: Floats, known: Bools, order: npt.NDArray[np.int64]) -> Floats:
    x, y = measure.prepare(a, known), measure.prepare(b, known)
    found = measure.compared(x, y, known)
    shuffled = np.take_along_axis(y[:, None], order, axis=-1)
    each = np.broadcast_to(x[:, None], shuffled.shape)
    by_chance = measure.compared(each, shuffled, np.broadcast_to(known[:, None], shuffled.shape))
    has_value = ~np.isnan(by_chance)  # signs have none where no unit is scored on both sides: sparse scores, shuffled
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = np.where(has_value, by_chance, 0.0).sum(axis=-1) / has_value.sum(axis=-1)
        room = 1 - chance
        above = np.where(room > _NO_ROOM, (found - chance) / room, 0.0)
    return np.asarray(np.clip(np.nan_to_num(above, nan=0.0), -1.0, 1.0))
