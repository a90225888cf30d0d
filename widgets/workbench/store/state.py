"""The selection as a plain record without text, and back: what a reload or a new kernel finds again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explain_lib.core import Span

from ..desk import ARMS, Desk


def state_of(desk: Desk, view: str) -> dict[str, Any]:
    """Where the reader is: ids, offsets, and names of what is chosen."""
    case, entity = desk.case, desk.entity
    span = case.spans[entity] if case is not None and 0 <= entity < len(case.spans) else None
    return {
        "document": desk.documents[desk.document].id, "arm": desk.arm, "question": desk.question,
        "method": repr(desk.method), "view": view,
        "span": None if span is None else [span.start, span.end, span.label, span.fragments],
    }  # fmt: skip


def restore(desk: Desk, state: Mapping[str, Any]) -> None:
    """Go back to where the reader was, as far as documents and methods are still there; before a case is read."""
    places = {document.id: i for i, document in enumerate(desk.documents)}
    desk.method = next((one for one in desk.methods if repr(one) == state.get("method")), desk.method)
    desk.arm = state["arm"] if state.get("arm") in ARMS else desk.arm
    desk.question = str(state.get("question", desk.question))
    if state.get("document") in places:
        desk.select(places[state["document"]], _span(state.get("span")))


def _span(record: Any) -> Span | None:
    if record is None:
        return None
    start, end, label, fragments = record
    return Span(start, end, label, tuple((first, last) for first, last in fragments))
