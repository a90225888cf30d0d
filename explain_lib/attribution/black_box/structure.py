"""Where the groups of a question come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.core.hierarchy import Hierarchy, Level, hierarchy
from explain_lib.perturbation.game import Game

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query

Levels = Hierarchy | Sequence[Level]


def structure_of(question: Query | Game, levels: Levels) -> Hierarchy:
    """The hierarchy of a question's active units; inactive ones drop out of their groups.

    Raises TypeError for a game with levels of text, which it has none of, and ValueError for a wrong number of units.
    """
    if isinstance(question, Game):
        if not isinstance(levels, Hierarchy):
            raise TypeError(
                "a Game has no text to group; give a Hierarchy of its units, such as Hierarchy(((0, 1), (2, 3)))."
            )
        return levels.restricted(np.ones(question.n_units, dtype=bool))
    whole = levels if isinstance(levels, Hierarchy) else hierarchy(question.units, levels)
    return whole.restricted(question.active)


def describe(levels: Levels | Level) -> str:
    """How a method's repr shows its levels: functions by their names."""
    if isinstance(levels, Sequence):
        return f"({', '.join(map(describe, levels))}{',' if len(levels) == 1 else ''})"
    return getattr(levels, "__name__", repr(levels))
