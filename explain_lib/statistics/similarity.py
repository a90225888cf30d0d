"""How alike two attributions of the same units are: by direction, by rank, by strongest units, by shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import rel_entr
from scipy.stats import rankdata

from .rank_agreement import kendall_tau_b

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Similarity:
    """A measure of two attributions, vectorised over pairs: `measure(a, b)` of float[..., units] gives float[...].

    `present` bool[..., units] names the units to compare (default: all of them); the others have no influence at all.
    `lowest` is what the most different attributions get; the most alike get 1. NaN where an attribution has nothing to
    compare: no unit, only zeros, or for ranks only ties. `of_sizes` is the same measure of absolute scores.

    A measure is two steps, which chance correction takes apart: `prepared` turns the scores of one attribution into
    what is compared, unit by unit, and does not care in which order the units come; `compared` makes the number.
    """

    name: str
    lowest: float
    prepared: Callable[[Floats, Bools], Floats]
    compared: Callable[[Floats, Floats, Bools], Floats]
    by_size: bool = False

    def __call__(self, a: npt.ArrayLike, b: npt.ArrayLike, present: npt.ArrayLike | None = None) -> Floats:
        """The measure of each pair; ValueError for shapes that do not fit."""
        first, second, compared = as_pairs(a, b, present)
        if not first.shape[-1]:
            return np.full(first.shape[:-1], np.nan)
        return self.compared(self.prepare(first, compared), self.prepare(second, compared), compared)

    def prepare(self, scores: Floats, present: Bools) -> Floats:
        """What is compared of float[..., units], 0 for units that are not present."""
        known = np.where(present, np.abs(scores) if self.by_size else scores, 0.0)
        return self.prepared(known, present)

    @property
    def of_sizes(self) -> Similarity:
        """The same measure of absolute scores, whatever their signs."""
        return replace(self, name=f"{self.name} of sizes", by_size=True)

    def __repr__(self) -> str:
        return self.name


def as_pairs(a: npt.ArrayLike, b: npt.ArrayLike, present: npt.ArrayLike | None) -> tuple[Floats, Floats, Bools]:
    """Both attributions and the units to compare, as arrays of one shape [..., units]."""
    first, second = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if first.shape != second.shape or not first.ndim:
        raise ValueError(f"the attributions have shapes {first.shape} and {second.shape}; give both (..., units).")
    if present is None:
        return first, second, np.ones(first.shape, bool)
    try:
        compared = np.broadcast_to(np.asarray(present, bool), first.shape)
    except ValueError:
        raise ValueError(
            f"`present` has shape {np.shape(present)}; it must fit the attributions' shape {first.shape}."
        ) from None
    return first, second, compared


def top_share(n_units: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """k, the number of strongest units compared: a fifth of them, rounded, and at least one."""
    return np.maximum(1, np.rint(0.2 * np.asarray(n_units))).astype(np.int64)


def _length_one(values: Floats, present: Bools) -> Floats:
    """NaN for a vector of zeros, which has no direction."""
    size = np.abs(values).max(axis=-1, keepdims=True, initial=0.0)  # scaled first: squares of tiny scores are 0
    with np.errstate(invalid="ignore"):
        scaled = values / size
        return np.asarray(scaled / np.sqrt((scaled**2).sum(axis=-1, keepdims=True)))


def _centred_ranks(values: Floats, present: Bools) -> Floats:
    ranks = rankdata(np.where(present, values, np.inf), axis=-1)
    middle = (present.sum(axis=-1, keepdims=True) + 1) / 2
    return _length_one(np.where(present, ranks - middle, 0.0), present)


def _shares(values: Floats, present: Bools) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(values) / np.abs(values).sum(axis=-1, keepdims=True))


def _membership(values: Floats, present: Bools) -> Floats:
    """How far each unit belongs to the top k: 1, 0, or for units tied at the border an equal part of what is left."""
    n = present.sum(axis=-1, keepdims=True)
    k = np.minimum(top_share(n), n)
    ordered = -np.sort(np.where(present, -values, np.inf), axis=-1)
    border = np.take_along_axis(ordered, np.maximum(k - 1, 0), axis=-1)
    above, tied = (values > border) & present, (values == border) & present
    left = (k - above.sum(axis=-1, keepdims=True)) / np.maximum(1, tied.sum(axis=-1, keepdims=True))
    return np.where(above, 1.0, np.where(tied, left, 0.0))


def _dot(x: Floats, y: Floats, present: Bools) -> Floats:
    return np.asarray(np.clip(np.einsum("...u,...u->...", x, y), -1.0, 1.0))


def _jaccard(x: Floats, y: Floats, present: Bools) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.minimum(x, y).sum(axis=-1) / np.maximum(x, y).sum(axis=-1))


def _jensen_shannon(x: Floats, y: Floats, present: Bools) -> Floats:
    middle = (x + y) / 2
    nats = 0.5 * (rel_entr(x, middle) + rel_entr(y, middle)).sum(axis=-1)
    return np.asarray(np.clip(1 - nats / np.log(2), 0.0, 1.0))


def _as_they_are(values: Floats, present: Bools) -> Floats:
    return values


cosine = Similarity("cosine", -1.0, _length_one, _dot)
"""a·b / (‖a‖ ‖b‖), from −1 to 1: signs and proportions count, a common factor does not."""

spearman = Similarity("Spearman", -1.0, _centred_ranks, _dot)
"""The correlation of ranks, from −1 to 1; tied units share the mean of their ranks."""

kendall = Similarity("Kendall tau-b", -1.0, _as_they_are, kendall_tau_b)
"""Pairs of units in the same order minus those in the other, over those not tied in either, from −1 to 1."""

top_k_jaccard = Similarity("top-k Jaccard", 0.0, _membership, _jaccard)
"""Shared over joined strongest units, from 0 to 1, k = max(1, round(0.2 · units)), by falling score.

Units tied at the border share the places that are left equally, so that the order of the units does not matter;
shared and joined are then sums of smaller and larger parts. Two random choices of k of n get about k / (2n − k).
"""

jensen_shannon = Similarity("Jensen-Shannon similarity", 0.0, _shares, _jensen_shannon)
"""1 − the Jensen-Shannon divergence (base 2) of |scores| as shares of their sum, from 0 to 1; blind to signs."""

SIMILARITIES = (cosine, jensen_shannon, spearman, top_k_jaccard)
"""The four whose chance-corrected mean is the headline of stability and of agreement."""
