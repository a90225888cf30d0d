"""The distinct rows that a fusion asks for on a text and on its edits, run or rehearsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from explain_lib.core import Score
from explain_lib.models.protocols import Event, Float32s, Floats
from explain_lib.perturbation.evaluations import Evaluations, Key
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.rehearsal import RehearsedModel, RehearsedRows

Bools = npt.NDArray[np.bool_]


@dataclass(eq=False)
class AskedRows(Evaluations):
    """A table that writes down what it is asked for and asks another."""

    inner: Evaluations | None = None
    asked: set[Key] = field(default_factory=set)

    @classmethod
    def of(cls, table: Evaluations) -> AskedRows:
        """In front of a table; what is remembered is remembered there."""
        parts = table.model, table.encoding, table.windows, table.alignment, table.hiding, table.max_bytes
        return cls(*parts, inner=table, remembered=table.remembered)

    def value(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """What the inner table says."""
        assert self.inner is not None
        self.asked.update(self.keys(window, keep)[1])
        return self.inner.value(window, keep, events, score)

    def outputs(self, window: int, keep: Bools) -> list[Float32s]:
        """What the inner table says."""
        assert self.inner is not None
        self.asked.update(self.keys(window, keep)[1])
        return self.inner.outputs(window, keep)

    def rounding(self, window: int, keep: Bools, events: Sequence[Event], score: Score) -> Floats:
        """What the inner table says: rows that measure noise are not counted."""
        assert self.inner is not None
        return self.inner.rounding(window, keep, events, score)

    def report(self, done: int, in_all: int) -> None:
        """Told to whoever watches the inner table."""
        assert self.inner is not None
        self.inner.report(done, in_all)


@dataclass(eq=False)
class Tally:
    """Counts rows of the tables of one question and of its edits; in a rehearsal of the question, of rehearsed ones."""

    question: Query
    tables: dict[int, AskedRows | RehearsedRows] = field(default_factory=dict)

    @property
    def is_rehearsal(self) -> bool:
        """Whether nothing is to be run."""
        return isinstance(self.question.evaluations, RehearsedRows)

    @property
    def real(self) -> Query:
        """The question on the table that holds its rows."""
        table = self.question.evaluations
        if isinstance(table, RehearsedRows):
            assert table.known is not None
            return self.question.on_table(table.known)
        return self.question

    def on(self, query: Query) -> Query:
        """The query, counted; in a rehearsal, rehearsed."""
        key = id(query.evaluations)
        if key not in self.tables:
            own = self.question.evaluations
            if isinstance(own, RehearsedRows):
                is_own = query.evaluations is own.known
                self.tables[key] = own if is_own else RehearsedRows.of(query.evaluations, stops=False)
            else:
                self.tables[key] = AskedRows.of(query.evaluations)
        return query.on_table(self.tables[key])

    def n_asked(self) -> int:
        """Distinct rows asked for so far, over all tables."""
        return sum(len(table.asked) for table in self.tables.values())

    def settle(self) -> None:
        """Book what was rehearsed on edited texts with the rehearsal of the question."""
        own = self.question.evaluations
        if not isinstance(own, RehearsedRows):
            return
        for number, table in enumerate(self.tables.values()):
            if table is own or not isinstance(table, RehearsedRows):
                continue
            apart = -1 - number  # windows of other texts: no key of the question's own has a negative window
            own.asked |= {(apart - 1000 * window, row) for window, row in table.asked}
            own.new |= {(apart - 1000 * window, row) for window, row in table.new}
            here, there = cast(RehearsedModel, own.model), cast(RehearsedModel, table.model)
            here.forward, here.backward = here.forward + there.forward, here.backward + there.backward
