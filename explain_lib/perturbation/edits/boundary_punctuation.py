"""Boundary punctuation: a mark put between an entity and its neighbour, or taken from there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .boundaries import End, ends, unit_range
from .change import Change
from .family import Edit, Subject
from .layout import PAUSES, distinct, is_glued
from .text_edit import TextEdit
from .word_lists.neutral import MARKS


@dataclass(frozen=True)
class BoundaryPunctuation:
    """Stress: add a comma or the like at an end of an entity, or take the mark that stands there away."""

    name: ClassVar[str] = "boundary punctuation"
    languages: ClassVar[tuple[str, ...]] = tuple(MARKS)
    keeps_label: ClassVar[bool] = False
    cost: ClassVar[int] = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        edits = [edit for end in ends(subject) for edit in self._at(subject, end)]
        return distinct((edits[i] for i in rng.permutation(len(edits))), n)

    def _at(self, subject: Subject, end: End) -> Iterator[TextEdit]:
        if end.outside is None:
            return
        text = subject.document.text
        start, stop = unit_range(subject, end.outside)
        if text[start:stop] in set(PAUSES):
            blank = " " if is_glued(text[:start] + text[stop:], start) else ""
            yield TextEdit(self, subject.document, (Change(start, stop, blank),), self._about(end, "removed"))
        elif any(letter.isalnum() for letter in text[start:stop]):
            place = stop if end.side == "left" else end.place
            for mark in MARKS[subject.document.lang]:
                yield TextEdit(self, subject.document, (Change(place, place, mark),), self._about(end, "added"))

    def _about(self, end: End, what: str) -> dict[str, Any]:
        return {**end.about("between"), "mark": what}
