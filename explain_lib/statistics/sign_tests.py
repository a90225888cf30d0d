"""p values of paired differences: under no difference, each one might as well have the other sign."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

N_FLIPS = 9_999
_MOST_ENUMERATED = 40  # differences: two halves of 2^20 sums
_MOST_EXACT_RANKS = 200  # differences: sums of ranks up to 40 000
_SAME = 1e-12  # of the largest possible sum: what rounding may tell apart is a tie


def sign_flip_p(differences: npt.ArrayLike, rng: int | np.random.Generator = 0, one_sided: bool = False) -> float:
    """p of the mean of float[pairs] under random signs: two-sided, or that the mean is not above 0.

    Differences of 0 carry no sign and drop out. Up to 40 others: exact, over all 2^n signs (sums of one half of the
    pairs are counted against those of the other). More: 9999 random draws and the observed one (Phipson & Smyth, 2010).
    """
    d = _signed(differences)
    if not len(d):
        return 1.0
    observed = d.sum() if one_sided else abs(d.sum())
    least = observed - _SAME * np.abs(d).sum()
    if len(d) <= _MOST_ENUMERATED:
        above = _share_of_sums_above(np.abs(d), least)
        return float(min(1.0, above if one_sided else 2 * above))
    is_kept = np.random.default_rng(rng).integers(0, 2, size=(N_FLIPS, len(d)), dtype=np.int8)
    sums = 2 * (is_kept @ d) - d.sum()
    extreme = (sums if one_sided else np.abs(sums)) >= least
    return float((1 + extreme.sum()) / (1 + N_FLIPS))


def signed_rank_p(differences: npt.ArrayLike, one_sided: bool = False) -> float:
    """p of Wilcoxon's signed-rank test of float[pairs]: two-sided, or that the differences do not lie above 0.

    Differences of 0 drop out and ties share their ranks. Up to 200 others the distribution is exact, ties included;
    beyond, the normal approximation with the continuity correction.
    """
    d = _signed(differences)
    if not len(d):
        return 1.0
    doubled = np.rint(2 * rankdata(np.abs(d))).astype(np.int64)  # shared ranks are halves: twice them are whole
    above, below = (_exact_tails if len(d) <= _MOST_EXACT_RANKS else _normal_tails)(doubled, d > 0)
    return float(above if one_sided else min(1.0, 2 * min(above, below)))


def _signed(differences: npt.ArrayLike) -> Floats:
    given: Floats = np.asarray(differences, np.float64)
    if given.ndim != 1 or not np.isfinite(given).all():
        raise ValueError(f"differences have shape {given.shape}; they need one axis and finite numbers.")
    return np.asarray(given[given != 0])


def _share_of_sums_above(sizes: Floats, least: float) -> float:
    """The share of all signs with Σ ± size >= least, in about 2^(n/2) steps."""
    half = len(sizes) // 2
    first, second = np.sort(_all_sums(sizes[:half])), _all_sums(sizes[half:])
    enough = len(first) - np.searchsorted(first, least - second, side="left")
    return float(enough.sum() / (len(first) * len(second)))


def _all_sums(sizes: Floats) -> Floats:
    """float[2^n]: Σ ± size for all signs."""
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums - size, sums + size])
    return sums


def _exact_tails(ranks: Ints, is_positive: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The chances of at least, and of at most, this sum of positive ranks; each is positive with chance 1/2."""
    chances = np.zeros(int(ranks.sum()) + 1)
    chances[0] = 1.0
    for rank in ranks:
        moved = np.zeros_like(chances)
        moved[rank:] = chances[: len(chances) - rank]
        chances = 0.5 * (chances + moved)
    up = int(ranks[is_positive].sum())
    return float(chances[up:].sum()), float(chances[: up + 1].sum())


def _normal_tails(ranks: Ints, is_positive: npt.NDArray[np.bool_]) -> tuple[float, float]:
    above_middle = ranks[is_positive].sum() - ranks.sum() / 2
    spread = np.sqrt((ranks.astype(np.float64) ** 2).sum()) / 2
    return float(ndtr((1 - above_middle) / spread)), float(ndtr((1 + above_middle) / spread))
