"""The frame of every black-box method: ask a game for rows, then reduce the answers to scores."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import first_occurrences

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class BlackBox(ABC):
    """A method that knows nothing of the model but the values of keep-rows.

    `asks_once`: all rows are asked for in one go (unless a tolerance is set), so that its cost is known from them.
    """

    asks_once: ClassVar[bool] = False

    @abstractmethod
    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score the units of a game of at least one unit."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score a game, or the active units of a query; the rounding noise of its values joins the error."""
        if isinstance(question, Game):
            return self._of_game(question, rng)
        estimate = self._of_game(question.game(), rng)
        noisy = replace(estimate, std_error=np.hypot(estimate.std_error, question.noise))
        return noisy.expand(question.active)

    def _of_game(self, game: Game, rng: np.random.Generator) -> Estimate:
        return self.estimate(game, rng) if game.n_units else without_units(game)


def without_units(game: Game) -> Estimate:
    """The estimate of a game in which nothing can be hidden: no scores, one row."""
    answers = ask(game, np.ones((0, 0), dtype=bool))
    nothing = np.zeros((0, game.n_targets))
    return Estimate(nothing, nothing, np.inf, answers.base, answers.full, answers.n_evals)


@dataclass(frozen=True, eq=False)
class Answers:
    """Values of the rows asked for: `values` float64[rows, targets], `base` and `full` float64[targets]."""

    values: Floats
    base: Floats
    full: Floats
    n_evals: int


def ask(game: Game, keep: Bools) -> Answers:
    """Value rows together with the empty and the full row, each distinct row once."""
    ends = np.array([[False], [True]]).repeat(game.n_units, axis=1)
    rows = np.concatenate([ends, keep])
    first, inverse = first_occurrences(rows)
    values = game.value(rows[first])[inverse]
    return Answers(values[2:], values[0], values[1], len(first))


def exact_estimate(scores: Floats, answers: Answers) -> Estimate:
    """An estimate in which nothing was drawn: no error, infinite degrees of freedom."""
    return Estimate(scores, np.zeros_like(scores), np.inf, answers.base, answers.full, answers.n_evals)
