"""Shapley values by weighted regression on pairs of a subset and its complement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import leverage_pairs, pair_strata

from .exact import shapley_from_all
from .recipe import BlackBox, ask

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
ROWS_PER_UNIT = 4


@dataclass(frozen=True)
class KernelShap(BlackBox):
    """Least squares under the sum constraint, on paired, leverage-weighted rows without replacement.

    Scores always add up to full − base. The error is by leave-one-pair-out, sizes being strata with their
    finite-population factors, with pairs − units + 1 degrees of freedom. Where all subsets fit the budget the result
    is exact. ValueError below four rows per active unit: there regression is worse than no estimate, and
    `PermutationShap` is the choice. Cost: at most `budget` rows and one eigendecomposition, for all targets.
    Source: Lundberg & Lee (2017); pairs: Covert & Lee (2021); leverage: Musco & Witter (2024).
    """

    budget: Budget = PerUnit(20)

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from rows drawn by `rng`."""
        n_rows = allowed_rows(self.budget, game.n_units)
        if 2**game.n_units <= n_rows:
            return shapley_from_all(game)
        if n_rows < ROWS_PER_UNIT * game.n_units:
            raise ValueError(
                f"KernelShap got {n_rows} rows for {game.n_units} active units; it needs at least "
                f"{ROWS_PER_UNIT * game.n_units} (four per unit). Raise the budget, or use PermutationShap, which "
                "does well on few rows."
            )
        sample = leverage_pairs(game.n_units, (n_rows - 2) // 2, rng)
        answers = ask(game, sample.keep)
        sets = sample.keep[::2]
        change = answers.full - answers.base
        scores, std_error = fit_pairs(sets, answers.values[::2] - answers.values[1::2], change)
        dof = len(sets) - game.n_units + 1
        return Estimate(scores, std_error, dof, answers.base, answers.full, answers.n_evals)


def fit_pairs(sets: Bools, differences: Floats, change: Floats) -> tuple[Floats, Floats]:
    """Scores and standard errors float64[units, targets].

    `sets` bool[pairs, units] are the smaller subsets, `differences` float64[pairs, targets] their values minus those
    of their complements, `change` float64[targets] = full − base. Centred on the sum constraint, the two rows of a
    pair are each other's negative: a pair is one observation, and leaving it out is a downdate of rank one.
    """
    n_units, size = sets.shape[1], sets.sum(axis=1)
    weight, sampled = pair_weights(n_units, size)
    rows = sets - size[:, None] / n_units
    observed = differences / 2 - (size / n_units - 0.5)[:, None] * change
    inverse, has_full_rank = invert_on_sum_zero(rows.T @ (weight[:, None] * rows))
    gain = weight[:, None] * (rows @ inverse)
    centred = gain.T @ observed
    residual = observed - rows @ centred
    error = leave_one_out_error(gain, residual, 1 - (gain * rows).sum(axis=1), 1 - sampled)
    return centred + change / n_units, error if has_full_rank else np.full_like(error, np.nan)


def pair_weights(n_units: int, size: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """For each pair: its kernel weight over its inclusion probability, and that probability.

    The kernel gives each size 1 / (size · (n − size)) in all, so the weight needs no binomial coefficient, which
    would overflow on long texts.
    """
    n_drawn = np.bincount(size, minlength=n_units // 2 + 1)[size]
    strata = pair_strata(n_units)
    sampled = np.array([drawn / strata[s - 1][0] for s, drawn in zip(size.tolist(), n_drawn.tolist(), strict=True)])
    leverage = np.array([share for _, share in strata])[size - 1]
    return leverage / (size * (n_units - size) * n_drawn), sampled


def invert_on_sum_zero(gram: Floats) -> tuple[Floats, bool]:
    """The inverse of `gram` on the vectors that sum to 0, and whether the rows determine all of them."""
    values, vectors = np.linalg.eigh(gram)
    used = values > values[-1] * 1e-10
    return (vectors[:, used] / values[used]) @ vectors[:, used].T, bool(used.sum() == len(gram) - 1)


def leave_one_out_error(gain: Floats, residual: Floats, slack: Floats, unsampled: Floats) -> Floats:
    """float64[units, targets]: root of the sum over pairs of (1 − inclusion probability) · (shift without the pair)².

    `gain` float64[pairs, units], `residual` float64[pairs, targets], `slack` = 1 − leverage of each pair in the fit.
    NaN where a pair that was left to chance carries the fit alone.
    """
    counted = unsampled > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(slack > 1e-9, np.sqrt(unsampled) / slack, np.nan)[counted, None]
    return np.sqrt((gain[counted] ** 2).T @ (residual[counted] * factor) ** 2)
