"""Weights by how sure each member is of each unit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .blend import Blend, blended
from .calibration import FusionCalibration
from .evidence import Evidence

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PrecisionFusion:
    """Members weigh, unit by unit, by 1 / s²: their squared standard error plus their variance over edits.

    Members are in units of the score first, those without a positive factor weigh nothing. s² is floored at the mean
    sampling variance of the members (at a thousandth of the mean s² where nobody samples), so that a constant
    cannot take all weight. Knows nothing of faithfulness: a stable wrong member weighs most, which is why it is not the
    default. Cost: as `calibration` says.
    """

    calibration: FusionCalibration = field(default_factory=lambda: FusionCalibration(n_near=0))

    def blend(self, evidence: Evidence) -> Blend:
        """Weights per unit; the detail shows their means."""
        scales = evidence.scales()
        scaled = evidence.scaled(scales)
        share = shared(np.log(1 / floored(scaled)), scales > 0)
        return blended(scaled, share[:, scaled.active].mean(axis=1) if scaled.active.any() else share.mean(axis=1),
                       scales, "", share)


def floored(scaled: Evidence) -> Floats:
    """float64[members, units]: s² as a share of a member's mean squared score, none below the mean sampling variance.

    A share, since a member that was scaled down to almost nothing would otherwise seem to be the surest of all.
    """
    size = np.mean(scaled.scores[:, scaled.active] ** 2, axis=1, keepdims=True) if scaled.active.any() else np.zeros(0)
    size = np.where(size > 0, size, 1.0) if size.size else np.ones((scaled.n_members, 1))
    variance = scaled.variance() / size
    sampling = np.nan_to_num(scaled.std_error, nan=0.0)[:, scaled.active] ** 2 / size
    floor = max(float(sampling.mean()) if sampling.size else 0.0, 1e-3 * float(variance.mean()), 1e-300)
    return np.maximum(variance, floor)


def shared(logits: Floats, speaks: npt.NDArray[np.bool_]) -> Floats:
    """float64[members, units]: softmax over the members that speak; over all where none does."""
    chosen = np.where((speaks if speaks.any() else ~speaks)[:, None], logits, -np.inf)
    raised = np.exp(chosen - chosen.max(axis=0))
    return np.asarray(raised / raised.sum(axis=0))
