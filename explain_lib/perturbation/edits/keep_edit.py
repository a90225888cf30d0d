"""Edits that hide units for good: rows of the query itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from explain_lib.core import Span

from .family import Bools, Family, Ints

if TYPE_CHECKING:
    from explain_lib.perturbation.evaluations import Evaluations
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True, eq=False)
class KeepEdit:
    """The text with some units, bool[units], hidden as the query hides units; no new table of rows.

    `about` says in plain values what else a report should know.
    """

    family: Family
    hidden: Bools = field(repr=False)
    about: Mapping[str, Any] = field(default_factory=dict)

    def on(self, query: Query, known: Evaluations | None = None) -> Query:
        """The same question with these units gone, in its own table of rows; ValueError for one with other units."""
        if len(self.hidden) != query.n_units:
            raise ValueError(
                f"the edit hides some of {len(self.hidden)} units and the query has {query.n_units}: it belongs to "
                "another text or other units. Draw a bank for this query."
            )
        return query.without(self.hidden)

    def unit_of(self, query: Query, edited: Query) -> Ints:
        """int[units]: every unit is where it was, but for the hidden ones."""
        return np.where(self.hidden, -1, np.arange(query.n_units))

    def moved(self, span: Span) -> Span | None:
        """Nothing moves."""
        return span

    def record(self) -> dict[str, Any]:
        """The family, the indices of the hidden units and what the edit is about."""
        return {"family": self.family.name, "hidden": np.flatnonzero(self.hidden).tolist(), **self.about}
