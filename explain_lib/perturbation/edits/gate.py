"""The validity gate: which drawn edits keep the labels that they are said to keep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import regex

from .change import Change
from .family import Edit, Subject
from .readable import StillReadable
from .text_edit import TextEdit
from .word_lists.protected import PROTECTED


class Check(Protocol):
    """One thing that a label-keeping edit must not do."""

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Why the edit is refused, in few words that hold no text; None where it passes."""
        ...


@dataclass(frozen=True)
class SpansVerbatim:
    """Every protected span is still there, letter for letter (but for families that change entities on purpose)."""

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Refuses an edit that cuts or changes a protected span."""
        may_change = getattr(edit.family, "changes_entities", False)
        for span in subject.protected:
            moved = edit.moved(span)
            if moved is None:
                return "an entity is cut"
            if not may_change and moved.text_of(edit.document.text) != span.text_of(edit.source.text):
                return "an entity is changed"
        return None


@dataclass(frozen=True)
class NoNewEntity:
    """No name of an entity stands anywhere where it did not stand before: those of the text, and `names`."""

    names: frozenset[str] = frozenset()

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Refuses an edit after which a name stands more often than before."""
        own = {span.text_of(edit.source.text) for span in subject.protected}
        if getattr(edit.family, "changes_entities", False):
            return None
        before, after = edit.source.text, edit.document.text
        finders = (_finder([name]) for name in own | self.names)
        grown = any(len(finder.findall(after)) > len(finder.findall(before)) for finder in finders)
        return "a name of an entity is added" if grown else None


@dataclass(frozen=True)
class ProtectedWords:
    """Negations, doubts, sides and amounts stay as they are, and none is added; `words` are added to our lists."""

    words: frozenset[str] = frozenset()

    def objection(self, edit: TextEdit, subject: Subject) -> str | None:
        """Refuses an edit that replaces a protected word, a number beside it, or brings one in."""
        known = PROTECTED.get(subject.document.lang) or sum(PROTECTED.values(), ())
        finder = _finder({*known, *self.words})
        text, changes = edit.source.text, _outside_swapped(edit, subject)
        touched = any(c.touches(m.start(), m.end()) for m in finder.finditer(text) for c in changes)
        if touched:
            return "a protected word is changed"
        return "a protected word is added" if _brings(changes, text, finder) else None


CHECKS: tuple[Check, ...] = (SpansVerbatim(), NoNewEntity(), StillReadable(), ProtectedWords())


@dataclass(frozen=True)
class Gate:
    """Checks that a text edit must pass where its family says that it keeps labels.

    Other edits pass as they are, if they change anything.
    """

    checks: tuple[Check, ...] = CHECKS

    def objection(self, edit: Edit, subject: Subject) -> str | None:
        """The first objection to an edit, None where it passes."""
        if not isinstance(edit, TextEdit):
            return None
        if edit.document.text == edit.source.text:
            return "nothing is changed"
        if not edit.family.keeps_label:
            return None
        found = (check.objection(edit, subject) for check in self.checks)
        return next((why for why in found if why is not None), None)


def _finder(words: Iterable[str]) -> regex.Pattern[str]:
    """Finds words: whole ones where the script writes blanks, also next to figures and Han; anywhere in Han text."""
    ordered = sorted(words, key=len, reverse=True)
    latin = "|".join(regex.escape(w) for w in ordered if not regex.search(r"\p{Han}", w))
    han = "|".join(regex.escape(w) for w in ordered if regex.search(r"\p{Han}", w))
    parts = [rf"(?<!\p{{Latin}})(?:{latin})(?!\p{{Latin}})"] if latin else []
    return regex.compile("|".join([*parts, *([han] if han else [])]) or r"(?!)", regex.IGNORECASE)


def _outside_swapped(edit: TextEdit, subject: Subject) -> list[Change]:
    """The changes, but for whole entities that a family swaps on purpose: their names may hold any word."""
    if not getattr(edit.family, "changes_entities", False):
        return list(edit.changes)
    swapped = {(span.start, span.end) for span in subject.protected}
    return [change for change in edit.changes if (change.start, change.end) not in swapped]


def _brings(changes: Sequence[Change], text: str, finder: regex.Pattern[str]) -> bool:
    return any(len(finder.findall(c.text)) > len(finder.findall(text[c.start : c.end])) for c in changes)
