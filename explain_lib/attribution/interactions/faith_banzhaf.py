"""Faith-Banzhaf: the pairwise model that is closest to the game over all subsets alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.banzhaf import fit_slopes, uniform_weights
from explain_lib.attribution.black_box.least_squares import fit_correlated, fit_rows
from explain_lib.attribution.black_box.random_effects import MOST_PAIRS, fours, noise
from explain_lib.attribution.black_box.recipe import Answers, ask
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import uniform_pairs

from .pair_method import Halves, PairEstimate, PairMethod, separated

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class FaithBanzhaf(PairMethod):
    """Pairwise Banzhaf interactions, which are the best fit by main effects and pairs, each subset counting the same.

    An interaction is the mean over all subsets S of the others of v(S + i + j) − v(S + i) − v(S + j) + v(S); a main
    effect plus half of its interactions is the unit's Banzhaf value. Effects do not add up to full − base. Drawn are
    uniform pairs of complements without replacement, what three and four units do being expected as random effects
    (up to 3000 pairs); the error is by leave-one-pair-out with pairs − unknowns degrees of freedom. Where all subsets
    fit the budget the result is exact. Cost: at most `budget` rows, ValueError below three for each pair of units.
    Source: Grabisch & Roubens (1999); the fit: Tsai, Yeh & Ravikumar (2023); random effects: this project.
    """

    def estimate(self, game: Game, rng: np.random.Generator) -> PairEstimate:
        """Main effects and interactions from rows drawn by `rng`."""
        sample = uniform_pairs(game.n_units, self.n_pairs(game.n_units), rng)
        answers = ask(game, sample.keep)
        halves = uniform_halves(sample.keep[::2], answers)
        pairs, gain = halves.even.coefficients[1:], halves.even.gain[:, 1:]
        scores, error = halves.dressed(pairs, gain)
        dof = len(sample.keep) // 2 - len(halves.even.coefficients) if halves.unsampled.any() else np.inf
        return PairEstimate(scores, error, dof, answers.base, answers.full, answers.n_evals)


def uniform_halves(sets: Bools, answers: Answers) -> Halves:
    """Both fits over all subsets alike; the first unknown of the even one is its intercept."""
    odd, unsampled = fit_slopes(sets, answers)
    every = np.concatenate([sets, np.ones((1, sets.shape[1]), dtype=bool)])
    sums = np.concatenate([answers.values[::2] + answers.values[1::2], (answers.full + answers.base)[None]])
    rows = np.concatenate([np.ones((len(every), 1)), 0.25 - separated(every) / 2], axis=1)
    weight = uniform_weights(len(sets), 1 - unsampled[0])
    if not unsampled.any() or len(sets) > MOST_PAIRS:
        return Halves(odd.coefficients, odd, fit_rows(rows, sums / 2, weight), unsampled)
    even = fit_correlated(rows, sums / 2, fours(np.where(every, 1.0, -1.0)) + noise(weight))
    return Halves(odd.coefficients, odd, even, unsampled)
