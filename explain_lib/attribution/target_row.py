"""How the targets of a query are read: in which window, from which model row, and back from its columns to units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.game import Game

if TYPE_CHECKING:
    from explain_lib.models.protocols import Event, PieceRows, Window
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TargetRow:
    """The window, the unperturbed model row and the events of a query whose targets are read in one window."""

    query: Query
    window: Window
    row: PieceRows
    events: list[Event]

    @classmethod
    def of(cls, question: Query | Game) -> TargetRow:
        """Read a query; TypeError for a game, which has no model to look into."""
        if isinstance(question, Game):
            raise TypeError("this method needs a Query on a model; a Game is a plain function without gradients.")
        windows = question.evaluations.windows
        window = windows[question.model.window_of(question.targets[0], question.encoding, windows)]
        events = [question.model.event(target, question.encoding, window) for target in question.targets]
        return cls(question, window, question.row(windows.index(window)), events)

    def pool(self, columns: Floats) -> Floats:
        """float64[units, targets]: sums over the pieces of each unit of `columns` [targets, length]; inactive units 0.

        Special pieces belong to no unit and drop out.
        """
        start, (first, last) = self.query.model.n_prefix, self.window.pieces
        pieces = np.zeros((len(columns), len(self.query.encoding.ids)))
        pieces[:, first:last] = columns[:, start : start + last - first]
        scores = self.query.alignment.pool_sum(pieces).T
        scores[~self.query.active] = 0
        return scores
