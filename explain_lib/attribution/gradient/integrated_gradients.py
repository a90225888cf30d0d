"""Integrated gradients: slopes gathered on the straight way from the hidden text to the real one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate

from .path import path_estimate

if TYPE_CHECKING:
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True)
class IntegratedGradients:
    """Integral of gradient · (input − baseline) over the straight path between embeddings, by Gauss–Legendre nodes.

    The baseline has the stand-in piece of the query's hiding in place of every active unit; special pieces stay.
    `completeness_gap` compares the sum with the query's own full − base: it shows too few steps, reduced precision of
    the forward pass, or a hiding that the baseline does not picture (AttentionOff, Delete). Cost: `steps` forward and,
    per target, as many backward passes in float32. Source: Sundararajan et al. (2017).
    """

    steps: int = 32

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError(f"IntegratedGradients(steps={self.steps}) has no node; give at least 1 step.")

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query read in one window; `rng` is not used. TypeError for a game."""
        nodes, weights = gauss_legendre(self.steps)
        return path_estimate(question, nodes, weights, from_hidden=True)


def gauss_legendre(steps: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Nodes in (0, 1) and weights that add up to 1: exact for polynomials of degree 2 · steps − 1."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, weights / 2
