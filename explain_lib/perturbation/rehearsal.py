"""A run without the model: who asks for what is written down and answered with nonsense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from explain_lib.core import Score
from explain_lib.models.protocols import Attention, Event, Float32s, Floats, Model, PieceRows, PointGradients

from .evaluations import Evaluations, Key

Bools = npt.NDArray[np.bool_]


class FirstRows(BaseException):
    """Raised once a method that asks for all its rows at once has asked; no method may catch it."""


class OwnPasses(BaseException):
    """Raised where a method takes the network in its own hands: what it would run there cannot be counted."""


@dataclass(eq=False)
class RehearsedRows(Evaluations):
    """A table that runs nothing: `asked` are the distinct rows it was asked for, `new` those `known` lacks.

    Values are random signs, on which no stopping rule settles. `stops` ends the rehearsal at the first request.
    """

    known: Evaluations | None = None
    stops: bool = False
    asked: set[Key] = field(default_factory=set)
    new: set[Key] = field(default_factory=set)

    @classmethod
    def of(cls, table: Evaluations, stops: bool) -> RehearsedRows:
        """A rehearsal on the text of a table."""
        parts = table.encoding, table.windows, table.alignment, table.hiding, table.max_bytes
        return cls(cast(Model, RehearsedModel(table.model)), *parts, known=table, stops=stops)

    def value(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """Signs in place of scores."""
        distinct = self.keys(window, keep)[1]
        self.asked.update(distinct)
        assert self.known is not None
        wanted, knows = tuple(events), self.known.knows
        self.new.update([key for key in distinct if not knows(key, wanted, score)] if self.known.n_rows else distinct)
        if self.stops:
            raise FirstRows
        return np.random.default_rng(0).choice([-1.0, 1.0], size=(len(keep), len(events)))

    def rounding(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """No noise: the rows that measure it are none of a method's."""
        return np.zeros((len(keep), len(events)))


@dataclass(eq=False)
class RehearsedModel:
    """A model whose passes over embeddings are counted and not run; all else is asked of `model`."""

    model: Model
    forward: int = 0
    backward: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    @property
    def network(self) -> Any:
        """Not to be had in a rehearsal."""
        raise OwnPasses

    def values_at(self, row: PieceRows, points: Floats, events: Sequence[Event], score: Score) -> Floats:
        """NaN in place of scores: no gap closes on them."""
        self.forward += len(points)
        return np.full((len(points), len(events)), np.nan)

    def gradients(
        self, row: PieceRows, points: Floats, directions: Floats, events: Sequence[Event], score: Score
    ) -> PointGradients:
        """NaN in place of scores and slopes."""
        self.forward += len(points)
        self.backward += len(points) * len(events)
        shape = len(points), len(events)
        return PointGradients(np.full(shape, np.nan), np.full((*shape, row.ids.shape[1]), np.nan))

    def attention(self, row: PieceRows, events: Sequence[Event], score: Score) -> Attention:
        """The real weights, one forward pass; slopes of 0."""
        self.forward += 1
        self.backward += len(events)
        real = self.model.attention(row, (), score)
        return Attention(real.weights, _nothing(real.weights, len(events)), real.places)


def _nothing(weights: Float32s, n: int) -> Iterator[Float32s]:
    return (np.zeros_like(weights) for _ in range(n))
