"""The frame of every gradient method, and the reduction of random draws."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import ask, without_units
from explain_lib.attribution.estimate import Estimate

from .embedded_text import EmbeddedText

if TYPE_CHECKING:
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]


class GradientMethod(ABC):
    """A method that reads slopes of the score in the space of input embeddings.

    Where nothing `is_drawn`, an estimate is remembered with the rows of the text: asking again costs no pass.
    """

    is_drawn: ClassVar[bool] = True

    @abstractmethod
    def estimate(self, text: EmbeddedText, rng: np.random.Generator) -> Estimate:
        """Score all units of a text with at least one active unit."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query read in one window; TypeError for a game, which has no gradients."""
        text = EmbeddedText.of(question)
        query = text.target_row.query
        if not query.active.any():
            return without_units(query.game()).expand(query.active)
        if self.is_drawn:
            return self.estimate(text, rng)
        known = query.evaluations.remembered
        key = ("gradients", self, query.targets, query.score, query.active.tobytes(), query.full_row.tobytes())
        if key not in known:
            known[key] = self.estimate(text, rng)
        found = known[key]
        assert isinstance(found, Estimate)
        return found


def mean_of_draws(draws: Floats, active: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Mean and standard error float64[units, targets] of draws float64[draws, targets, units].

    The error is NaN for one draw, and 0 for units outside `active` bool[units], which no draw moves.
    """
    n = len(draws)
    spread = draws.std(axis=0, ddof=1).T if n > 1 else np.full(draws.shape[:0:-1], np.nan)
    return draws.mean(axis=0).T, np.where(active[:, None], spread / np.sqrt(n), 0.0)


def ends(query: Query) -> tuple[Floats, Floats, int]:
    """The query's own values with every active unit hidden and with none, float64[targets], and how many rows that is.

    For methods without a path: their scores promise nothing about these values.
    """
    game = query.game()
    answers = ask(game, np.ones((0, game.n_units), dtype=bool))
    return answers.base, answers.full, answers.n_evals
