"""The mean of members, each in units of the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .blend import Blend, blended
from .calibration import FusionCalibration
from .evidence import Evidence


@dataclass(frozen=True)
class MeanFusion:
    """The plain mean of all members that predict the model at all, each scaled to the model's own changes.

    A member's factor is E[(I·φ)df] / E[(I·φ)²] over rows that hide a uniformly drawn number of units; members with a
    factor of 0 are left out. The baseline that every other fusion must beat. Cost: `n_rows` rows.
    """

    n_rows: int = 128

    @property
    def calibration(self) -> FusionCalibration:
        """Rows for the scales; no edits."""
        return FusionCalibration(n_rows=self.n_rows, n_near=0, n_edits=0)

    def blend(self, evidence: Evidence) -> Blend:
        """Equal weights."""
        scales = evidence.scales()
        speaks = scales > 0
        note = "" if speaks.any() else "no member moves with the model, so that every score is 0"
        weights = speaks / max(1, speaks.sum()) if speaks.any() else np.full(len(scales), 1 / len(scales))
        return blended(evidence.scaled(scales), weights, scales, note)
