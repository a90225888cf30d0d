"""Occlusion: what the score loses when a unit, a window of units, or a whole group of units is hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from explain_lib.attribution.estimate import Estimate
from explain_lib.core.hierarchy import Hierarchy, Level
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import sliding_windows

from .recipe import BlackBox, ask, exact_estimate
from .structure import describe, structure_of

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True)
class Occlusion(BlackBox):
    """Leave-one-out, or sliding windows of `window` neighbouring active units, or of `window` neighbouring groups.

    phi_i = mean over the windows W that hold i of v(all) − v(all but W); a window beyond the text is all units.
    `groups` are hidden as wholes: a function such as `sentences` or `sections`, Units, or the top groups of a
    `Hierarchy`; units outside all groups are hidden alone. Cost: units (or groups) − window + 3 rows.

    A loss is shown on every unit that was hidden with it and not shared out among them: all units of a sentence
    score what the sentence loses, whatever its length. So scores of windows and groups do not add up, and compare
    between groups only. Misses units that stand in for one another. Source: Zeiler & Fergus (2014).
    """

    window: int = 1
    groups: Level | Hierarchy | None = None
    asks_once: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"Occlusion(window={self.window}) hides nothing; give a window of at least 1 unit.")

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score a game, or the active units of a query, whole groups of its text at a time if asked for."""
        if self.groups is None:
            return super().attribute(question, rng)
        return super(Occlusion, replace(self, groups=self._structure(question))).attribute(question, rng)

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units; `rng` is not used."""
        groups = self._structure(game).groups
        parts = np.array([np.isin(np.arange(game.n_units), group) for group in groups])
        windows = ~sliding_windows(len(parts), min(self.window, len(parts))).keep
        hidden = windows @ parts  # bool: a unit is hidden where any of its window's parts holds it
        answers = ask(game, ~hidden)
        losses = answers.full - answers.values
        return exact_estimate(hidden.T @ losses / hidden.sum(axis=0)[:, None], answers)

    def _structure(self, question: Query | Game) -> Hierarchy:
        """The groups of the active units; without `groups` each unit is its own."""
        if self.groups is None:
            return Hierarchy(tuple(range(question.n_units)))
        return structure_of(question, self.groups if isinstance(self.groups, Hierarchy) else (self.groups,))

    def __repr__(self) -> str:
        if self.groups is None:
            return f"Occlusion(window={self.window})"
        return f"Occlusion(window={self.window}, groups={describe(self.groups)})"
