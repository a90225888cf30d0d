"""Faith-SHAP: the pairwise model that is closest to the game under the Shapley kernel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.pair_regression import pair_weights
from explain_lib.attribution.black_box.least_squares import fit_rows
from explain_lib.attribution.black_box.recipe import Answers, ask
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import leverage_pairs

from .pair_method import Halves, PairEstimate, PairMethod, separated

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class FaithShap(PairMethod):
    """Faithful Shapley interactions of order two: the best fit by main effects and pairs that meets both ends.

    Minimises the kernel-weighted squared error of v(S) − v(∅) against the sum of all effects within S, with all of
    them adding up to full − base. The kernel is that of `KernelShap`, and a main effect plus half of its interactions
    is the unit's Shapley value. Drawn are pairs of complements by leverage, without replacement; the error is by
    leave-one-pair-out with pairs − unknowns degrees of freedom. Where all subsets fit the budget the result is exact.
    Cost: at most `budget` rows, ValueError below three for each pair of units, and one regression with
    units · (units − 1) / 2 unknowns for all targets. Source: Tsai, Yeh & Ravikumar (2023).
    """

    def estimate(self, game: Game, rng: np.random.Generator) -> PairEstimate:
        """Main effects and interactions from rows drawn by `rng`."""
        sets = leverage_pairs(game.n_units, self.n_pairs(game.n_units), rng).keep[::2]
        answers = ask(game, np.stack([sets, ~sets], axis=1).reshape(-1, game.n_units))
        halves = fit_halves(sets, answers)
        shares = halves.odd.coefficients + (answers.full - answers.base) / game.n_units
        scores, error = halves.dressed(shares, halves.even.coefficients, halves.even.gain)
        dof = len(sets) - len(halves.even.coefficients) if halves.unsampled.any() else np.inf
        return PairEstimate(scores, error, dof, answers.base, answers.full, answers.n_evals)


def fit_halves(sets: Bools, answers: Answers) -> Halves:
    """Both fits under the Shapley kernel, `sets` bool[pairs, units] being the smaller halves.

    The ends are met by taking them away: shares are fitted around the mean share, on rows that sum to 0 (an extra row
    keeps the coefficients there), and a pair of units costs half its interaction wherever complements part it.
    """
    n_units, size = sets.shape[1], sets.sum(axis=1)
    weight, sampled = pair_weights(n_units, size)
    change, middle = answers.full - answers.base, (answers.full + answers.base) / 2
    difference = (answers.values[::2] - answers.values[1::2]) / 2 - (size / n_units - 0.5)[:, None] * change
    rows = np.concatenate([sets - size[:, None] / n_units, np.ones((1, n_units))])
    odd = fit_rows(rows, np.append(difference, 0 * change[None], axis=0), np.append(weight, weight.mean()))
    loss = middle - (answers.values[::2] + answers.values[1::2]) / 2
    even = fit_rows(separated(sets) / 2, loss, weight)
    return Halves(odd.first(len(sets)), even, 1 - sampled)
