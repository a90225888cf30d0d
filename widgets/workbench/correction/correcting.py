"""Acts of a reader on the entities of the document on the desk, and how they are taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explain_lib.core import Document, Span
from explain_lib.corpora import Correction

from ..case import Case
from ..desk import Desk
from .fates import GONE, corrections_of, fates

Pair = tuple[Document, Span]


class Correcting:
    """Accepts, changes, deletes and adds spans; each act is saved at once, and the desk goes to what it made.

    An act on many spans is taken back as one, as long as it was the last.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._last: tuple[Document, ...] = ()  # the documents of the last act on many spans

    @property
    def document(self) -> Document:
        """The document on the desk."""
        return self.desk.documents[self.desk.document]

    @property
    def made(self) -> tuple[Correction, ...]:
        """The corrections of the document that stand."""
        return corrections_of(self.document, self.desk.corrections)

    @property
    def undoes(self) -> int:
        """How many corrections an undo takes back."""
        return len(self._last) or min(1, len(self.made))

    def accept(self, span: Span, note: str = "") -> str:
        """Say that a span is right; one that was deleted or replaced comes back."""
        if fates(self.made).get(span) in GONE:
            self.desk.corrections.add(self.document, span, note)
        else:
            self.desk.corrections.accept(self.document, span, note)
        return self._done("Accepted", span)

    def change(self, before: Span, after: Span, note: str = "") -> str:
        """Put another span in the place of one."""
        self.desk.corrections.change(self.document, before, after, note)
        return self._done("Changed", after)

    def delete(self, span: Span, note: str = "") -> str:
        """Say that a span is no entity."""
        self.desk.corrections.delete(self.document, span, note)
        return self._done("Deleted", span)

    def add(self, span: Span, note: str = "") -> str:
        """Say that an unmarked span is an entity."""
        self.desk.corrections.add(self.document, span, note)
        return self._done("Added", span)

    def open_pairs(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Those of the spans that no correction speaks of."""
        known = {document: fates(corrections_of(document, self.desk.corrections)) for document, _ in pairs}
        return [(document, span) for document, span in dict.fromkeys(pairs) if span not in known[document]]

    def accept_all(self, pairs: Sequence[Pair]) -> str:
        """Accept all spans that no correction speaks of."""
        return self._all(self.desk.corrections.accept, pairs, "Accepted")

    def delete_all(self, pairs: Sequence[Pair]) -> str:
        """Delete all spans that no correction speaks of."""
        return self._all(self.desk.corrections.delete, pairs, "Deleted")

    def undo(self) -> str:
        """Take the last act back."""
        documents = self._last or (self.document,)
        gone = [self.desk.corrections.undo(document) for document in reversed(documents)]
        self._last = ()
        if len(gone) > 1:
            self.show(None)
            return f"{len(gone)} corrections were taken back."
        self.show(gone[0].before)
        return f"Taken back: {gone[0].kind}."

    def show(self, span: Span | None) -> None:
        """Bring the desk up to date, and go to a span of the document (None: stay)."""
        desk, case = self.desk, self.desk.case
        if case is None:
            return
        now = desk.corrected(case)
        with desk.hold_trait_notifications():
            desk.case, desk.picked, desk.entity = now, [], _place(case, now, desk.entity, span)

    def _all(self, act: Callable[[Document, Span], Correction], pairs: Sequence[Pair], word: str) -> str:
        done: list[Document] = []
        try:
            for document, span in self.open_pairs(pairs):
                act(document, span)
                done.append(document)
        finally:  # what was done before an error can be taken back as well
            self._last = tuple(done)
            self.show(None)
        return f"{word}: {len(done)} entities."

    def _done(self, word: str, span: Span) -> str:
        self._last = ()
        self.show(span)
        return f"{word}: {span.label} {span.start}–{span.end}."


def _place(case: Case, now: Case, entity: int, span: Span | None) -> int:
    """The row of a span, else of what was chosen before, else the row that took its place."""
    if span is None and entity >= len(case.spans):
        return entity + len(now.spans) - len(case.spans)  # a class: those stand after the entities
    here = case.spans[entity] if 0 <= entity < len(case.spans) else None
    goals = [now.spans.index(one) for one in (span, here) if one is not None and one in now.spans]
    return goals[0] if goals else min(entity, len(now.targets) - 1)
