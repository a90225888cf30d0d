"""A softmax gate over stability, faithfulness and boundary faithfulness."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from .blend import Blend, blended
from .calibration import FusionCalibration
from .evidence import Evidence
from .precision_fusion import floored, shared

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GateFusion:
    """Members weigh, unit by unit, by softmax((a·stability + b·faithfulness + c·boundary) / temperature).

    Stability of a unit is −log s² about its mean over the members, with s² as in `PrecisionFusion`; faithfulness is
    R² on the fitting rows, boundary faithfulness R² of the margins near the ends. What was not measured counts 0.
    No fitting and no guarantee: `JointFusion` has both. Cost: as `calibration` says.
    """

    stability: float = 1.0
    faithfulness: float = 1.0
    boundary: float = 1.0
    temperature: float = 1.0
    calibration: FusionCalibration = field(default_factory=FusionCalibration)

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise ValueError(f"GateFusion(temperature={self.temperature}) must be above 0.")

    def blend(self, evidence: Evidence) -> Blend:
        """Weights per unit; the detail shows their means."""
        scales = evidence.scales()
        scaled = evidence.scaled(scales)
        logits = self.stability * sureness(scaled)
        logits = logits + (self.faithfulness * fit(scaled, 0) + self.boundary * fit(scaled, 2))[:, None]
        share = shared(logits / self.temperature, scales > 0)
        seen = scaled.active if scaled.active.any() else ~scaled.active
        return blended(scaled, share[:, seen].mean(axis=1), scales, "", share)


def sureness(scaled: Evidence) -> Floats:
    """float64[members, units]: −log s², less its mean over members."""
    logs = -np.log(floored(scaled))
    return np.asarray(logs - logs.mean(axis=0))


def fit(scaled: Evidence, which: int) -> Floats:
    """float64[members]: 1 − Q / Q(nothing) of one loss, from −1 to 1; 0 where it was not measured."""
    losses = scaled.losses()
    loss = (losses.faith, losses.stability, losses.boundary)[which]
    if loss is None or not loss.constant:
        return np.zeros(scaled.n_members)
    return np.asarray(np.clip(1 - loss.alone() / loss.constant, -1.0, 1.0))
