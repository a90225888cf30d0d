"""A local linear model, fitted by kernel-weighted ridge regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import all_subsets, leverage_pairs

from .paired_ridge import fit_paired_ridge
from .recipe import BlackBox, ask, exact_estimate

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lime(BlackBox):
    """Coefficients of a ridge regression on rows with uniformly many hidden units, near rows weighing more.

    The kernel is that of the lime package, in units: exp(−(d / kernel_width)² / 2) with the cosine distance
    d = 1 − √(kept / units). The rows are those that `KernelShap` draws with the same budget and seed, so that both on
    one query cost the rows of one: pairs of a subset and its complement, none drawn twice. Each number of kept units
    weighs what it weighs in lime, where it is drawn uniformly, so the slopes tend to those of lime's own sampler, and
    `ridge` weighs what it weighs beside budget − 2 rows of lime's. Scores are slopes, not shares: they do not add up to
    full − base, and their interval is about the kernel-weighted slopes at infinitely many rows, not about Shapley
    values.

    The error is by leave-one-pair-out, since what two units do together moves both rows of a pair alike; sizes are
    strata with their finite-population factors. Degrees of freedom: rows − units − 1, at most pairs − 1; NaN where
    there are none. Where all subsets fit the budget nothing is drawn and the error is 0. Cost: at most `budget` rows.
    Beside as many uniformly drawn rows the squared error is 0.5–1.1 times as large at six rows a unit, 0.4–1.0 at ten,
    0.3–0.9 at twenty, and 0.5–1.3 at two, where neither says much (made-up games, sentences of the demo model).
    ValueError below four rows. Source: Ribeiro et al. (2016); the rows: as in `KernelShap`.
    """

    asks_once: ClassVar[bool] = True
    budget: Budget = PerUnit(20)
    kernel_width: float = 0.25
    ridge: float = 1.0

    def __post_init__(self) -> None:
        if not self.kernel_width > 0 or not self.ridge > 0:
            raise ValueError(f"Lime got kernel_width={self.kernel_width} and ridge={self.ridge}; both must be above 0.")

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from rows drawn by `rng`; the full row takes part, as in the lime package."""
        n_rows = allowed_rows(self.budget, game.n_units)
        n_pairs, has_all = (n_rows - 2) // 2, 2**game.n_units <= n_rows
        if n_pairs < 1 and not has_all:
            raise ValueError(f"Lime got {n_rows} rows; it needs at least 4: empty, full and a pair. Raise the budget.")
        drawn = all_subsets(game.n_units).keep[1:-1] if has_all else leverage_pairs(game.n_units, n_pairs, rng).keep
        answers = ask(game, drawn)
        keep = np.concatenate([drawn, np.array([[False], [True]]).repeat(game.n_units, axis=1)])
        values = np.concatenate([answers.values, answers.base[None], answers.full[None]])
        weight = lime_kernel(keep, self.kernel_width) * size_weights(keep, n_rows - 2)
        fit = fit_paired_ridge(keep, values, weight, self.ridge)
        if has_all:
            return exact_estimate(fit.slopes, answers)
        dof = min(2 * n_pairs - game.n_units - 1, n_pairs - 1)
        error = fit.error(drawn) if dof > 0 else np.full_like(fit.slopes, np.nan)
        return Estimate(fit.slopes, error, max(dof, 0), answers.base, answers.full, answers.n_evals)


def lime_kernel(keep: Bools, width: float) -> Floats:
    """float64[rows]: the weight of each row by its cosine distance from the full row."""
    distance = 1 - np.sqrt(keep.mean(axis=1))
    return np.asarray(np.exp(-((distance / width) ** 2) / 2))


def size_weights(keep: Bools, n_rows: int) -> Floats:
    """float64[rows]: what makes rows stand for `n_rows` rows whose number of kept units, 0 to all but one, is uniform.

    The full row weighs 1: it is asked once, whatever is drawn. Sizes without a row leave their weight to the others.
    """
    n_units, size = keep.shape[1], keep.sum(axis=1)
    of_size = np.bincount(size, minlength=n_units + 1)
    each = max(n_rows, 1) / max(int((of_size[:n_units] > 0).sum()), 1)
    return np.where(size < n_units, each / of_size[size], 1.0)
