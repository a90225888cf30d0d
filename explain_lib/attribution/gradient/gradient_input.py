"""Gradient × input: the slope of the score at the text as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explain_lib.attribution.estimate import Estimate

from .embedded_text import EmbeddedText
from .recipe import GradientMethod, ends


@dataclass(frozen=True)
class GradientInput(GradientMethod):
    """Gradient of the score, dotted with the input embeddings and summed over the pieces of a unit (signed).

    Cost: one forward and, per target, one backward pass in float32. A first-order picture: its scores do not add up
    to full − base, and a saturated score has almost no slope. Source: Shrikumar et al. (2016).
    """

    is_drawn: ClassVar[bool] = False

    def estimate(self, text: EmbeddedText, rng: np.random.Generator) -> Estimate:
        """Score all units; `rng` is not used."""
        base, full, n_evals = ends(text.target_row.query)  # first: a method starts again once its rows were run
        here = text.inputs[None]
        scores = text.all_slopes(1, lambda _: (here, here)).slopes[0].T
        return Estimate(scores, np.zeros_like(scores), np.inf, base, full, n_evals + 1)
