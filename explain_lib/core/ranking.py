"""Which rank a unit may hold, given the errors of the scores, and how much of the score is told from zero at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .arrays import read_only

if TYPE_CHECKING:
    from .attribution import Attribution

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_SAME = 1e-9  # of the largest score: what rounding may tell apart is a tie


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks of the active units of each target, 1 for the highest score.

    Shapes: `best`, `worst` int[units, targets]: the ranks that a unit may hold (0 for units that are not active);
    `order` int[units, targets]: units by falling score, those that are not active last; `tied` bool[units, units,
    targets]: pairs that cannot be told apart (a unit is never tied with itself). `level` is the confidence that all
    intervals of ranks of a target hold at once.
    """

    best: Ints
    worst: Ints
    order: Ints
    tied: Bools
    level: float

    def __post_init__(self) -> None:
        for name in ("best", "worst", "order"):
            object.__setattr__(self, name, read_only(getattr(self, name), np.int64, 2, f"Ranks.{name}"))
        object.__setattr__(self, "tied", read_only(self.tied, bool, 3, "Ranks.tied"))

    def __repr__(self) -> str:
        return f"Ranks({self.best.shape[0]} units × {self.best.shape[1]} targets at level {self.level})"

    @property
    def tied_with_next(self) -> Bools:
        """bool[units − 1, targets]: whether the unit at each place of `order` is tied with the one after it."""
        targets = np.arange(self.order.shape[1])
        return np.asarray(self.tied[self.order[:-1], self.order[1:], targets])


def ranks(attribution: Attribution, level: float, by_size: bool) -> Ranks:
    """Ranks by score, or by size (absolute score), from intervals that hold simultaneously.

    Two units are told apart where their intervals do not meet. The intervals are Bonferroni's: of k active units each
    gets 1 − (1 − level) / k, so whatever the correlation of the scores, all statements about a target are right
    together with at least this confidence. Source: Mogstad et al. (2024), ranks from simultaneous intervals.
    """
    low, high = simultaneous(attribution, level)
    score = attribution.scores
    if by_size:
        low, high = np.maximum(0, np.maximum(low, -high)), np.maximum(-low, high)
        score = np.abs(score)
    active = attribution.active
    margin = _SAME * np.abs(score).max(axis=0, initial=0)
    above = (low[:, None] > high[None] + margin) & active[:, None] & active[None]
    both = active[:, None] & active[None] & ~np.eye(len(active), dtype=bool)[..., None]
    best = np.where(active, 1 + above.sum(axis=0), 0)
    worst = np.where(active, active.sum(axis=0) - above.sum(axis=1), 0)
    order = np.argsort(np.where(active, -score, np.inf), axis=0, kind="stable")
    return Ranks(best, worst, order, both & ~above & ~above.swapaxes(0, 1), level)


def simultaneous(attribution: Attribution, level: float) -> Floats:
    """float[2, units, targets]: intervals that hold for all active units of a target at once; infinite where NaN."""
    bounds = []
    for target in range(len(attribution.targets)):
        one = attribution.target(target)
        bounds.append(one.interval(1 - (1 - level) / max(1, int(one.active.sum()))))
    low, high = np.concatenate(bounds, axis=2) if bounds else np.zeros((2, *attribution.scores.shape))
    return np.stack([np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)])


def unresolved_mass(attribution: Attribution, level: float) -> Floats:
    """float[targets]: the share of Σ |score| on units whose own interval holds 0 (or is unknown); 0 without mass."""
    low, high = attribution.interval(level)
    is_open = ~((low > 0) | (high < 0))
    size = np.abs(attribution.scores)
    total = size.sum(axis=0)
    return np.asarray((size * is_open).sum(axis=0) / np.where(total > 0, total, 1))
