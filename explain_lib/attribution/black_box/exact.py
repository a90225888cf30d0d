"""Exact Shapley values: the oracle of every sampled method."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import all_subsets

from .recipe import BlackBox, ask, exact_estimate

MAX_UNITS = 14


@dataclass(frozen=True)
class Exact(BlackBox):
    """Shapley values from all subsets.

    phi_i = sum over S without i of (v(S + i) − v(S)) / (n · C(n − 1, |S|)) (Shapley, 1953). Cost: 2 ** n rows, so
    ValueError beyond 14 active units; use `PermutationShap` there.
    """

    asks_once: ClassVar[bool] = True

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units; `rng` is not used."""
        if game.n_units > MAX_UNITS:
            raise ValueError(
                f"Exact got {game.n_units} active units, which is 2 ** {game.n_units} rows; allowed are {MAX_UNITS}. "
                "Use PermutationShap, or a query with fewer (coarser) units."
            )
        return shapley_from_all(game)


def shapley_from_all(game: Game) -> Estimate:
    """The exact Shapley values of a game; 2 ** n_units rows."""
    keep = all_subsets(game.n_units).keep
    answers = ask(game, keep)
    gains = shapley_weights(game.n_units)[keep.sum(axis=1)]
    scores = [np.where(kept, gains[:, 1], gains[:, 0]) @ answers.values for kept in keep.T]
    return exact_estimate(np.stack(scores), answers)


def shapley_weights(n_units: int) -> npt.NDArray[np.float64]:
    """float64[size, 2]: the weight of v(S), |S| = size, in the score of a unit outside S and of a unit inside S."""
    n = n_units
    outside = [-1 / (n * comb(n - 1, size)) if size < n else 0.0 for size in range(n + 1)]
    inside = [1 / (n * comb(n - 1, size - 1)) if size else 0.0 for size in range(n + 1)]
    return np.stack([outside, inside], axis=1)
