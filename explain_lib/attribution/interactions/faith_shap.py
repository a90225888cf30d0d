"""Faith-SHAP: the pairwise model that is closest to the game under the Shapley kernel."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.pair_regression import kriged_fit, pair_weights, plain_fit
from explain_lib.attribution.black_box.least_squares import fit_correlated, fit_rows
from explain_lib.attribution.black_box.random_effects import MOST_PAIRS, fours, noise
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
    is the unit's Shapley value. Drawn are pairs of complements by leverage, without replacement; what three and four
    units do is expected as random effects, as in `KernelShap` (up to 3000 pairs). The error is by leave-one-pair-out
    with pairs − unknowns degrees of freedom. Where all subsets fit the budget the result is exact. Cost: at most
    `budget` rows, ValueError below three for each pair of units, and one regression with units · (units − 1) / 2
    unknowns for all targets. Source: Tsai, Yeh & Ravikumar (2023); random effects: this project.
    """

    def estimate(self, game: Game, rng: np.random.Generator) -> PairEstimate:
        """Main effects and interactions from rows drawn by `rng`."""
        sets = leverage_pairs(game.n_units, self.n_pairs(game.n_units), rng).keep[::2]
        answers = ask(game, np.stack([sets, ~sets], axis=1).reshape(-1, game.n_units))
        expects = len(sets) < 2 ** (game.n_units - 1) - 1 and len(sets) <= MOST_PAIRS
        halves = kriged_halves(sets, answers) if expects else plain_halves(sets, answers)
        scores, error = halves.dressed(halves.even.coefficients, halves.even.gain)
        dof = len(sets) - len(halves.even.coefficients) if halves.unsampled.any() else np.inf
        return PairEstimate(scores, error, dof, answers.base, answers.full, answers.n_evals)


def kriged_halves(sets: Bools, answers: Answers) -> Halves:
    """Both fits under the Shapley kernel, expecting triples in the differences and fours in the sums.

    Four units in the code ±1 count .8 in each of their six pairs (the fit of that game alone).
    """
    n_units = sets.shape[1]
    odd, unsampled = kriged_fit(sets, answers.values[::2] - answers.values[1::2], answers.full - answers.base)
    weight, _ = pair_weights(n_units, sets.sum(axis=1))
    loss = (answers.full + answers.base) / 2 - (answers.values[::2] + answers.values[1::2]) / 2
    signs, full = np.where(sets, 1.0, -1.0), np.ones((1, n_units))
    lost = fours(signs) - fours(signs, full) - fours(full, signs) + fours(full)
    one, two = (signs[:, units] for units in np.triu_indices(n_units, 1))
    product, rest = one * two, signs.sum(axis=1, keepdims=True) - one - two
    in_fours = 0.8 * (comb(n_units - 2, 2) - product * (rest**2 - (n_units - 2)) / 2) / comb(n_units, 4)
    even = fit_correlated(separated(sets) / 2, loss, lost + noise(weight), in_fours)
    return Halves(odd.coefficients, odd, even, unsampled)


def plain_halves(sets: Bools, answers: Answers) -> Halves:
    """Both fits by least squares under the Shapley kernel, `sets` bool[pairs, units] being the smaller halves.

    The ends are met by taking them away: a pair of units costs half its interaction wherever complements part it.
    """
    odd, unsampled = plain_fit(sets, answers.values[::2] - answers.values[1::2], answers.full - answers.base)
    weight, _ = pair_weights(sets.shape[1], sets.sum(axis=1))
    loss = (answers.full + answers.base) / 2 - (answers.values[::2] + answers.values[1::2]) / 2
    even = fit_rows(separated(sets) / 2, loss, weight)
    return Halves(odd.coefficients, odd, even, unsampled)
