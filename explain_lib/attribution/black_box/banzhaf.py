"""Banzhaf values by regression on uniform pairs of a subset and its complement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import uniform_pairs

from .least_squares import Fit, fit_correlated, fit_rows
from .pair_regression import leave_one_out_error
from .random_effects import MOST_PAIRS, noise, triples
from .recipe import Answers, BlackBox, ask

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
ROWS_PER_UNIT = 4


@dataclass(frozen=True)
class Banzhaf(BlackBox):
    """The mean gain of a unit over all subsets of the others, each subset counting the same.

    phi_i = mean over S without i of v(S + i) − v(S). The least-squares line through all rows has these slopes, so
    they are fitted on uniform pairs of complements, drawn without replacement, with interactions of three units
    expected as random effects. The error is by leave-one-pair-out with the finite-population factor and pairs − units
    degrees of freedom. Where all subsets fit the budget the result is exact. Cost: at most `budget` rows, and time
    that grows with the cube of the pairs (up to 3000, then plain least squares); ValueError below four rows per
    active unit. Half of the text is hidden in a typical row, and scores do not add up to full − base: for shares of
    the score use `KernelShap`. Source: Banzhaf (1965); regression on pairs: Liu, Witter, Korn et al. (2024).
    """

    budget: Budget = PerUnit(20)
    asks_once: ClassVar[bool] = True

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from rows drawn by `rng`."""
        n_pairs = pairs_allowed(self.budget, game.n_units)
        sample = uniform_pairs(game.n_units, n_pairs, rng)
        answers = ask(game, sample.keep)
        fit, unsampled = fit_slopes(sample.keep[::2], answers)
        dof = n_pairs - game.n_units if unsampled.any() else np.inf
        error = leave_one_out_error(fit.gain, fit.left_out, unsampled)
        return Estimate(fit.coefficients, error, dof, answers.base, answers.full, answers.n_evals)


def pairs_allowed(budget: Budget, n_units: int) -> int:
    """How many pairs to draw: all of them where all subsets fit the budget. Raises ValueError for too small a budget.

    The pair of the empty and the full row is asked for anyway and not counted.
    """
    n_rows = allowed_rows(budget, n_units)
    if 2**n_units <= n_rows:
        return int(2 ** (n_units - 1) - 1)
    if n_rows < ROWS_PER_UNIT * n_units:
        raise ValueError(
            f"Banzhaf got {n_rows} rows for {n_units} active units; it needs at least {ROWS_PER_UNIT * n_units} "
            "(four per unit). Raise the budget, or use PermutationShap, which does well on few rows."
        )
    return (n_rows - 2) // 2


def fit_slopes(sets: Bools, answers: Answers) -> tuple[Fit, Floats]:
    """The slopes of all units on drawn pairs and on the pair full–empty, and 1 − inclusion probability per pair.

    `sets` bool[pairs, units] are the first halves of the pairs. In ± ½ coding the halves are each other's negative:
    half their difference is one observation, free of the intercept and of everything that a complement leaves alone.
    """
    n_pairs, n_units = sets.shape
    sampled = n_pairs / max(1, 2 ** (n_units - 1) - 1)
    rows = np.concatenate([sets, np.ones((1, n_units), dtype=bool)]) - 0.5
    differences = np.concatenate([answers.values[::2] - answers.values[1::2], (answers.full - answers.base)[None]])
    weight = uniform_weights(n_pairs, sampled)
    unsampled = np.append(np.full(n_pairs, 1 - sampled), 0.0)
    if not unsampled.any() or n_pairs > MOST_PAIRS:
        return fit_rows(rows, differences / 2, weight), unsampled
    return fit_correlated(rows, differences / 2, triples(2 * rows) + noise(weight)), unsampled


def uniform_weights(n_pairs: int, sampled: float) -> Floats:
    """float64[pairs + 1]: each drawn pair stands for 1 / `sampled` pairs, the last one, full–empty, for itself."""
    return np.append(np.ones(n_pairs), max(sampled, 1e-9) if n_pairs else 1.0)
