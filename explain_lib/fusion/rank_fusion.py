"""Borda's count over members."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from .blend import Blend, blended
from .calibration import NOTHING, FusionCalibration
from .evidence import Evidence

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RankFusion:
    """The mean over members of sign · rank by size / number of units: Borda's count with signs.

    Points from −1 to 1, no units of the score: `completeness_gap` means nothing and no standard error is known (NaN).
    Ties share their rank; a score of 0 gets 0. For when only orders compare; cost: nothing but the members.
    """

    @property
    def calibration(self) -> FusionCalibration:
        """Nothing is asked."""
        return NOTHING

    def blend(self, evidence: Evidence) -> Blend:
        """Equal votes."""
        n, active = evidence.n_members, evidence.active
        points = np.zeros_like(evidence.scores)
        points[:, active] = signed_ranks(evidence.scores[:, active])
        unknown = np.broadcast_to(np.where(active, np.nan, 0.0), points.shape)
        nothing = np.zeros((0, *points.shape))
        voted = replace(evidence, scores=points, std_error=unknown, edited=nothing, edited_error=nothing, near=())
        found = blended(voted, np.full(n, 1 / n), np.full(n, np.nan), "ranks, not units of the score")
        return replace(found, dof=0.0, losses=np.full((3, n + 1), np.nan))


def signed_ranks(scores: Floats) -> Floats:
    """float64[members, units]: sign · rank of the size / units."""
    if not scores.size:
        return scores
    return np.asarray(np.sign(scores) * rankdata(np.abs(scores), axis=1) / scores.shape[1])
