"""What a fusion makes of the evidence for one target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .calibration import FusionCalibration
from .evidence import Evidence

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Blend:
    """One fused column.

    Shapes: `scores`, `std_error`, `local_share` float64[units]; `parts` float64[members, units], what each member adds
    to the scores; `weights`, `scales` float64[members]; `losses` float64[3, members + 1]. `members` may be more than
    those that were given: a corpus, and its mixture with one.
    """

    members: tuple[Any, ...]
    scores: Floats
    std_error: Floats
    dof: float
    parts: Floats
    weights: Floats
    scales: Floats
    local_share: Floats
    losses: Floats
    note: str
    share: Floats | None = None
    """float64[members, units], where units are weighed one by one."""


class Fusion(Protocol):
    """A way of combining members: a frozen dataclass whose repr is its provenance."""

    @property
    def calibration(self) -> FusionCalibration:
        """What it must be shown besides the members' scores."""
        ...

    def blend(self, evidence: Evidence) -> Blend:
        """Combine the members of one target."""
        ...


def blended(
    scaled: Evidence,
    weights: Floats,
    scales: Floats,
    note: str,
    share: Floats | None = None,
    local: Floats | None = None,
) -> Blend:
    """The weighted sum of members that are scaled already.

    `weights` float64[members] sum to 1; `share` float64[members, units], where it is given, weighs each unit on its
    own. The error is Σ w·se, which holds however the errors of the members hang together.
    """
    each = np.repeat(weights[:, None], scaled.scores.shape[1], axis=1) if share is None else share
    active = scaled.active
    parts = np.where(active, each * scaled.scores, 0.0)
    used = (each > 0).any(axis=1)
    finite = scaled.dof[used & (np.nan_to_num(scaled.std_error, nan=1.0) > 0).any(axis=1)]
    return Blend(
        members=scaled.members,
        scores=parts.sum(axis=0),
        std_error=np.where(active, np.where(each > 0, each * scaled.std_error, 0.0).sum(axis=0), 0.0),
        dof=float(finite.min()) if len(finite) else np.inf,
        parts=parts,
        weights=weights,
        scales=scales,
        local_share=np.ones(len(active)) if local is None else local,
        losses=scaled.losses().table(weights) if len(scaled.rows.change) else np.full((3, len(weights) + 1), np.nan),
        note="; ".join(part for part in (*scaled.said, note) if part),
        share=share,
    )
