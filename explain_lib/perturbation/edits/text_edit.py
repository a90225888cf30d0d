"""Edits of the text: replaced ranges of characters, everything else moved along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from explain_lib.core import Document, Span, Units
from explain_lib.corpora import default_units

from .change import Change, changed_text, check_changes, moved_range, moved_span, new_ranges
from .family import Family, Ints, moved_targets

if TYPE_CHECKING:
    from explain_lib.perturbation.evaluations import Evaluations
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True, eq=False)
class TextEdit:
    """A document with some of its characters replaced.

    Spans that a change cuts are left out of the edited document; those around a change stretch. `about` says in plain
    values what else a report should know, such as the side of an entity. ValueError for changes that overlap or leave
    the text, and for a text of which nothing is left.
    """

    family: Family
    source: Document = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", check_changes(self.changes, len(self.source.text)))
        if not changed_text(self.source.text, self.changes).strip():
            raise ValueError("the edit leaves no text.")

    @cached_property
    def document(self) -> Document:
        """The edited text with the gold spans that the edit does not cut."""
        spans = tuple(span for span in map(self.moved, self.source.spans) if span is not None)
        text = changed_text(self.source.text, self.changes)
        return Document(text, self.source.lang, spans, self.source.id, self.source.meta)

    def on(self, query: Query, known: Evaluations | None = None) -> Query:
        """The same question about the edited text; ValueError for a query about another text.

        Units that the query hides for good stay hidden, where the edit left them.
        """
        if query.document.text != self.source.text:
            raise ValueError("the edit belongs to another text. Draw a bank for the query's own document.")
        edited = query.on(self.document, moved_targets(query.targets, self), self.units(query.units))
        edited = edited if known is None else edited.on_table(known)
        gone = ~query.full_row
        if not gone.any():
            return edited
        return edited.without(np.isin(np.arange(edited.n_units), self._places(query, edited)[gone]))

    def moved(self, span: Span) -> Span | None:
        """Where a span lies in the edited text; None where a change cuts an end of it."""
        return moved_span(span, self.changes)

    def units(self, units: Units) -> Units:
        """The units of the edited text: those that no change reaches, moved, and default units where text is new."""
        fresh = default_units(self.document).bounds
        is_new = _meets(fresh, new_ranges(self.changes))
        kept = [self._moved_unit(start, end) for start, end in units.bounds.tolist()]
        old = np.array([bounds for bounds in kept if bounds is not None], dtype=np.int64).reshape(-1, 2)
        old = old[~_meets(old, fresh[is_new].tolist())]
        added = fresh[is_new | ~_meets(fresh, old.tolist())] if len(units) else fresh
        return Units(self.document, np.array(sorted([*old.tolist(), *added.tolist()]), dtype=np.int64).reshape(-1, 2))

    def unit_of(self, query: Query, edited: Query) -> Ints:
        """int[units]: the unit of the edited query at the moved place, as active as before; −1 where there is none."""
        found = self._places(query, edited)
        same = (found >= 0) & (edited.active[found] == query.active)
        return np.where(same, found, -1)

    def record(self) -> dict[str, Any]:
        """The family, the changes and what the edit is about."""
        changes = [{"start": c.start, "end": c.end, "text": c.text} for c in self.changes]
        return {"family": self.family.name, "changes": changes, **self.about}

    def _places(self, query: Query, edited: Query) -> Ints:
        """int[units]: the unit of the edited query at the moved place, −1 where there is none."""
        place = {(start, end): i for i, (start, end) in enumerate(edited.units.bounds.tolist())}
        moved = [self._moved_unit(start, end) for start, end in query.units.bounds.tolist()]
        return np.array([-1 if bounds is None else place.get(bounds, -1) for bounds in moved], dtype=np.int64)

    def _moved_unit(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a unit lies, None where a character of it is replaced."""
        if any(change.touches(start, end) for change in self.changes):
            return None
        return moved_range(start, end, self.changes)


def _meets(bounds: np.ndarray, ranges: Sequence[Sequence[int]]) -> np.ndarray:
    """bool[units]: which units share a character with a range, or hold an empty range between their characters."""
    found = np.zeros(len(bounds), dtype=bool)
    for start, end in ranges:
        last = end if start < end else start  # of an empty range: between two characters of a unit
        found |= (bounds[:, 0] < last) & (start < bounds[:, 1])
    return found
