"""Edits after which the model cannot be asked about an entity any more: they are of no use, and would stop others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from explain_lib.core import Span, Target
from explain_lib.models.protocols import Encoding, Model, Window

from .family import Subject
from .text_edit import TextEdit


@dataclass(frozen=True)
class StillReadable:
    """Every entity, and every target, that the model can be asked about can be asked about after the edit.

    A text of another length is cut into other windows, and may leave none that holds a long entity; new neighbours may
    be joined with an entity into one piece; a contrast may leave a text that shrinks. Cost: the edited text is cut into
    pieces; no model row.
    """

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Refuses an edit that takes an entity, or a target, out of the model's reach."""
        query = subject.query
        here = query.encoding, query.evaluations.windows
        asked = [target for target in _targets(subject) if _is_readable(target, query.model, *here)]
        if not asked:
            return None
        encoding = query.model.encode(edit.document.text)
        there = encoding, query.model.windows(encoding)
        moved = [None if (span := edit.moved(_span(one))) is None else replace(one, span=span) for one in asked]
        kept = all(one is not None and _is_readable(one, query.model, *there) for one in moved)
        return None if kept else "an entity cannot be read"


def _targets(subject: Subject) -> Iterator[Target]:
    yield from (target for target in subject.query.targets if target.span is not None)
    yield from (Target(span) for span in subject.protected)


def _span(target: Target) -> Span:
    assert target.span is not None  # `_targets` gives no other
    return target.span


def _is_readable(target: Target, model: Model, encoding: Encoding, windows: Sequence[Window]) -> bool:
    try:
        model.event(target, encoding, windows[model.window_of(target, encoding, windows)])
    except ValueError:
        return False
    return True
