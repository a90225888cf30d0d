"""A local linear model, fitted by kernel-weighted ridge regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import uniform_sizes

from .recipe import BlackBox, ask

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lime(BlackBox):
    """Coefficients of a ridge regression on rows with uniformly many hidden units, near rows weighing more.

    The kernel is that of the lime package, in units: exp(−(d / kernel_width)² / 2) with the cosine distance
    d = 1 − √(kept / units). Scores are slopes, not shares: they do not add up to full − base, and their interval is
    about the kernel-weighted slopes at infinitely many rows, not about Shapley values. The error is by
    leave-one-row-out with rows − units − 1 degrees of freedom, NaN where there are none. Source: Ribeiro et al. (2016).
    """

    asks_once: ClassVar[bool] = True
    budget: Budget = PerUnit(20)
    kernel_width: float = 0.25
    ridge: float = 1.0

    def __post_init__(self) -> None:
        if not self.kernel_width > 0 or not self.ridge > 0:
            raise ValueError(
                f"Lime got kernel_width={self.kernel_width} and ridge={self.ridge}; both must be above 0."
            )

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from rows drawn by `rng`; the full row takes part, as in the lime package."""
        n_drawn = allowed_rows(self.budget, game.n_units) - 2
        if n_drawn < 1:
            raise ValueError("Lime got 2 rows, the empty and the full one; it needs more. Raise the budget.")
        drawn = uniform_sizes(game.n_units, n_drawn, rng).keep
        keep = np.concatenate([np.ones((1, game.n_units), dtype=bool), drawn])
        answers = ask(game, keep)
        scores, gain, residual = fit_ridge(keep, answers.values, lime_kernel(keep, self.kernel_width), self.ridge)
        dof = n_drawn - game.n_units - 1
        error = jackknife_error(gain[1:], residual[1:]) if dof > 0 else np.full_like(scores, np.nan)
        return Estimate(scores, error, max(dof, 0), answers.base, answers.full, answers.n_evals)


def lime_kernel(keep: Bools, width: float) -> Floats:
    """float64[rows]: the weight of each row by its cosine distance from the full row."""
    distance = 1 - np.sqrt(keep.mean(axis=1))
    return np.asarray(np.exp(-((distance / width) ** 2) / 2))


def fit_ridge(keep: Bools, values: Floats, weight: Floats, ridge: float) -> tuple[Floats, Floats, Floats]:
    """Slopes float64[units, targets], then what leave-one-out needs: gain [rows, units], residual [rows, targets].

    The intercept is free of the penalty. Without row i the slopes move by −gain_i · residual_i, the residual being
    that of row i under the fit without it.
    """
    rows = np.concatenate([np.ones((len(keep), 1)), keep], axis=1)
    penalty = np.diag([0.0] + [ridge] * keep.shape[1])
    gain = weight[:, None] * np.linalg.solve(rows.T @ (weight[:, None] * rows) + penalty, rows.T).T
    coefficients = gain.T @ values
    slack = 1 - (gain * rows).sum(axis=1, keepdims=True)
    return coefficients[1:], gain[:, 1:], (values - rows @ coefficients) / slack


def jackknife_error(gain: Floats, residual: Floats) -> Floats:
    """Standard error float64[units, targets]: the spread of the shifts gain_i · residual_i."""
    n_rows = len(gain)
    squares, total = (gain**2).T @ residual**2, gain.T @ residual
    return np.sqrt((n_rows - 1) / n_rows * np.maximum(squares - total**2 / n_rows, 0))
