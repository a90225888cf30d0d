"""How far an end is from moving, in the space of input embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.gradient.embedded_text import EmbeddedText
from explain_lib.core import Measure, not_available
from explain_lib.models.protocols import Steep

from .entity import Edge

Floats = npt.NDArray[np.float64]
STEPS = np.array([0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 4.0, 8.0])
"""Multiples of the linearised distance at which the margin is looked at."""
SCALE = "multiples of the mean length of an input embedding"
CHECK = "multiples of the linearised distance"
_NO_GRADIENTS = "the model offers no gradients at its input embeddings"


@dataclass(frozen=True, eq=False)
class Crossing:
    """The distance of one end to its decision boundary, margin 0.

    `distance` is |margin| / ‖gradient‖ over the embeddings of the units that may change, divided by the mean length of
    those embeddings: where a linear margin would reach 0. `crossed` is the first multiple of it at which the margin
    really has the other sign on that straight way, NaN if at none that was tried. `n_passes` counts forward passes with
    embeddings of their own, and gradients. Source: the linearised margin of DeepFool (Moosavi-Dezfooli et al., 2016).
    """

    distance: float = np.nan
    crossed: float = np.nan
    n_passes: int = 0
    because: str = ""

    @classmethod
    def of(cls, edge: Edge) -> Crossing:
        """One gradient, and one forward pass for each of the steps that check it."""
        if edge.margin is None:
            return cls(because=edge.because)
        if not isinstance(edge.margin.model, Steep):
            return cls(because=_NO_GRADIENTS)
        if not edge.margin.active.any():
            return cls(because="the query may change no unit")
        return _crossing(EmbeddedText.of(edge.margin), edge.margin.model)

    def measures(self, edge: Edge) -> Iterator[Measure]:
        """The linearised distance and where the way across really ends."""
        if self.because:
            yield not_available("distance", self.because, SCALE, edge.about)
            yield not_available("crossed at", self.because, CHECK, edge.about)
            return
        yield Measure("distance", self.distance, None, 1, f"{SCALE}, linearised", None, edge.about)
        if np.isnan(self.crossed):
            why = f"the margin keeps its sign up to {STEPS[-1]:g} times the linearised distance"
            yield not_available("crossed at", why, CHECK, edge.about)
        else:
            yield Measure("crossed at", self.crossed, None, 1, f"{CHECK}; 1: as linearised", None, edge.about)


def _crossing(text: EmbeddedText, model: Steep) -> Crossing:
    row = text.target_row
    slope = model.slopes(row.row, text.inputs, row.events, row.query.score)[0]
    slope[~text.is_hidden] = 0  # special pieces and units that are kept stay where they are
    margin = float(text.values(text.inputs[None])[0, 0])
    steepness = float(np.linalg.norm(slope))
    if not np.isfinite(steepness) or steepness == 0:
        return Crossing(n_passes=2, because="the margin has no slope at this text")
    length = float(np.linalg.norm(text.inputs[text.is_hidden], axis=-1).mean())
    if length == 0:
        return Crossing(n_passes=2, because="the embeddings of the units that may change are all 0: no unit of length")
    to_zero = -margin / steepness**2 * slope
    points = text.inputs + STEPS[:, None, None] * to_zero
    crossed = np.flatnonzero(text.values(points.astype(text.inputs.dtype))[:, 0] * margin < 0)
    first = float(STEPS[crossed[0]]) if len(crossed) else np.nan
    return Crossing(abs(margin) / steepness / length, first, 2 + len(STEPS))
