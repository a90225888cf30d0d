"""The Shapley interaction index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import ask
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import leverage_pairs

from .faith_shap import plain_halves
from .pair_method import PairEstimate, PairMethod, separated

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ShapleyInteraction(PairMethod):
    """What two units add together, averaged as in the Shapley value; Shapley values are shared out over the pairs.

    I_ij = mean over sizes, then over subsets S of the others of that size, of v(S+i+j) − v(S+i) − v(S+j) + v(S).
    A main effect is the unit's Shapley value less half of its interactions, so that all effects add up to full − base.
    The estimate is a fit by pairs, as in `FaithShap` but plain, plus the index of what that fit leaves over (each
    drawn pair of rows by the fit without it, weighted by its inclusion probability), so that it converges to the
    index. Errors, degrees of freedom and cost as there. To describe the score by pairs as well as possible take
    `FaithShap`.
    Source: Grabisch & Roubens (1999); sharing out: Lundberg et al. (2020).
    """

    def estimate(self, game: Game, rng: np.random.Generator) -> PairEstimate:
        """Main effects and interactions from rows drawn by `rng`."""
        sets = leverage_pairs(game.n_units, self.n_pairs(game.n_units), rng).keep[::2]
        answers = ask(game, np.stack([sets, ~sets], axis=1).reshape(-1, game.n_units))
        halves = plain_halves(sets, answers)
        index = index_weights(sets)
        known = (halves.unsampled[:, None] == 0) | np.isnan(halves.even.left_out)
        left_over = np.where(known, halves.even.residual, halves.even.left_out)
        pairs = halves.even.coefficients + index.T @ left_over
        gain = halves.even.gain
        moved = index + gain - gain @ (separated(sets).T / 2 @ index)  # the fit takes back what it explains itself
        scores, error = halves.dressed(pairs, moved)
        dof = len(sets) - len(pairs) if halves.unsampled.any() else np.inf
        return PairEstimate(scores, error, dof, answers.base, answers.full, answers.n_evals)


def index_weights(sets: Bools) -> Floats:
    """float64[pairs, units · (units − 1) / 2]: the weight in each I_ij of what two complements lose on average.

    A subset of size s counts 1 / ((n − 1) · C(n − 2, t)), t of its units being others than i and j, with a minus if it
    parts these two; a loss counts the other way round. Over the inclusion probability of its size the binomial
    coefficients cancel.
    """
    n_units, size = sets.shape[1], sets.sum(axis=1)
    drawn = np.bincount(size, minlength=n_units)[size]
    share = np.where(2 * size == n_units, 1.0, 2.0) * n_units / drawn
    first, second = np.triu_indices(n_units, 1)
    both = share / np.maximum(size * (size - 1), 1)
    none = share / np.maximum((n_units - size) * (n_units - size - 1), 1)
    parted = share / (size * (n_units - size))
    together = np.where(sets[:, first] & sets[:, second], both[:, None], none[:, None])
    return np.asarray(np.where(separated(sets) > 0, parted[:, None], -together))
