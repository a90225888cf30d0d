"""Boundary word elsewhere: the first or last word of an entity is put into the context once more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .boundaries import End, ends, unit_range
from .change import Change
from .context_words import free_words
from .family import Edit, Subject
from .layout import distinct, glues
from .text_edit import TextEdit


@dataclass(frozen=True)
class BoundaryWordElsewhere:
    """Stress: insert the first or last unit of an entity before a context word.

    The virtual-boundary attack ViBA inserts boundary words so: models may end the entity, or begin another, elsewhere.
    """

    margin: int = 1

    name: ClassVar[str] = "boundary word elsewhere"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = False
    cost: ClassVar[int] = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        places, found = free_words(subject, self.margin), list(ends(subject))
        pairs = [(end, start) for end in found for start, _ in places]
        return distinct(self._inserted(subject, [pairs[i] for i in rng.permutation(len(pairs))]), n)

    def _inserted(self, subject: Subject, pairs: list[tuple[End, int]]) -> Iterator[TextEdit]:
        text = subject.document.text
        for end, place in pairs:
            first, last = unit_range(subject, end.inside)
            word = text[first:last]
            blank = " " if place and text[place - 1].isspace() else ""
            about = {**end.about("inside"), "place": place}
            edit = TextEdit(self, subject.document, (Change(place, place, word + blank),), about)
            if not glues(edit):
                yield edit
