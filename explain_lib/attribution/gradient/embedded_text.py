"""The text of a query as a point in the space of input embeddings, with scores and slopes anywhere around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.target_row import TargetRow

from .baseline import Baseline, ZeroEmbedding, hidden_ids, is_hidden

if TYPE_CHECKING:
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]
Points = Callable[[int], tuple[Floats, Floats]]
"""How many come next, to points and directions, both float[n, length, width]; called in order."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """Scores and slopes at points: `values` float64[points, targets], `slopes` float64[points, targets, units]."""

    values: Floats
    slopes: Floats


@dataclass(frozen=True, eq=False)
class EmbeddedText:
    """One row of a query.

    Shapes: `inputs` float[length, width], its embeddings; `is_hidden` bool[length], the pieces of active units, the
    only ones that a gradient method moves: special pieces and the units that the query keeps stay as they are.
    """

    target_row: TargetRow
    inputs: Floats
    is_hidden: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, question: Query | Game) -> EmbeddedText:
        """Embed the text of a query whose targets are read in one window; TypeError for a game."""
        target_row = TargetRow.of(question)
        inputs = target_row.query.model.embeddings(target_row.row.ids)[0]
        return cls(target_row, inputs, is_hidden(target_row.query, target_row.window))

    @property
    def n_targets(self) -> int:
        """Number of targets."""
        return len(self.target_row.events)

    def baseline(self, baseline: Baseline | None) -> Floats:
        """float[length, width]: the embeddings with a stand-in for every piece of an active unit."""
        if isinstance(baseline, ZeroEmbedding):
            return np.where(self.is_hidden[:, None], 0, self.inputs)
        ids = hidden_ids(self.target_row.query, self.target_row.window, baseline)
        return np.asarray(self.target_row.query.model.embeddings(ids[None])[0])

    def values(self, points: Floats) -> Floats:
        """float64[points, targets]: the scores at `points` float[points, length, width]."""
        query, row = self.target_row.query, self.target_row.row
        step = query.model.points_at_once(row)
        parts = [
            query.model.values_at(row, points[at : at + step], self.target_row.events, query.score)
            for at in range(0, len(points), step)
        ]
        return np.concatenate(parts)

    def iter_slopes(self, n: int, points: Points, targets: npt.NDArray[np.int64] | None = None) -> Iterator[Slopes]:
        """Slopes at `n` points in batches that fit into memory; one forward pass a batch serves all targets.

        `targets` are the indices of those that are wanted. The query's tick is called between batches and may cancel.
        """
        query, row = self.target_row.query, self.target_row.row
        wanted = range(self.n_targets) if targets is None else targets
        events = [self.target_row.events[i] for i in wanted]
        step = query.model.points_at_once(row)
        for at in range(0, n, step):
            size = min(step, n - at)
            found = query.model.gradients(row, *points(size), events, query.score)
            pooled = self.target_row.pool(found.products.reshape(size * len(events), -1)).T
            query.evaluations.report(at + size, n)
            yield Slopes(found.values, pooled.reshape(size, len(events), -1))

    def all_slopes(self, n: int, points: Points, targets: npt.NDArray[np.int64] | None = None) -> Slopes:
        """The same, together."""
        parts = list(self.iter_slopes(n, points, targets))
        return Slopes(np.concatenate([p.values for p in parts]), np.concatenate([p.slopes for p in parts]))
