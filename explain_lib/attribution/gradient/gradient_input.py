"""Gradient × input: the slope of the score at the text as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.attribution.estimate import Estimate

from .path import path_estimate

if TYPE_CHECKING:
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True)
class GradientInput:
    """Gradient of the score, dotted with the input embeddings and summed over the pieces of a unit (signed).

    Cost: one forward and, per target, one backward pass in float32. A first-order picture: its scores do not add up
    to full − base, and a saturated score has almost no slope. Source: Shrikumar et al. (2016).
    """

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query read in one window; `rng` is not used. TypeError for a game."""
        return path_estimate(question, np.ones(1), np.ones(1), from_hidden=False)
