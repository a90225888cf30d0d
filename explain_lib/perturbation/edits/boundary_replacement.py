"""Boundary replacement: a unit at an end of an entity, or just outside, becomes a word that means little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import regex

from .boundaries import End, ends, unit_range
from .change import Change
from .family import Edit, Subject
from .layout import distinct, glues, like
from .text_edit import TextEdit
from .word_lists.neutral import FILLERS
from .word_lists.phrases import Phrases

_HAN = regex.compile(r"\p{Han}")
_SAYS_SOMETHING = regex.compile(r"(?V1)[\p{L}\p{N}]")


@dataclass(frozen=True)
class BoundaryReplacement:
    """Stress: replace one of the four units around the two ends of an entity by a filler word.

    `fillers` by language code replace ours. Marks stay: they are the business of `BoundaryPunctuation`.
    """

    fillers: Phrases | None = None

    name: ClassVar[str] = "boundary replacement"
    keeps_label: ClassVar[bool] = False
    cost: ClassVar[int] = 0

    @property
    def languages(self) -> tuple[str, ...]:
        """Those for which there are fillers."""
        return tuple(FILLERS) if self.fillers is None else tuple(key for key, _ in self.fillers.entries)

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits, places in turn."""
        lang = subject.document.lang
        words = FILLERS[lang] if self.fillers is None else self.fillers[lang]
        places = [
            (end, position, unit)
            for end in ends(subject)
            for position, unit in (("inside", end.inside), ("outside", end.outside))
            if unit is not None
        ]
        order = [places[i] for i in rng.permutation(len(places))]
        return distinct(self._replaced(subject, order, rng.permutation(words).tolist()), n)

    def _replaced(
        self, subject: Subject, places: list[tuple[End, str, int]], words: list[str]
    ) -> Iterator[TextEdit]:
        text = subject.document.text
        for turn in range(len(words)):
            for shift, (end, position, unit) in enumerate(places):
                start, stop = unit_range(subject, unit)
                old, word = text[start:stop], words[(turn + shift) % len(words)]
                if _SAYS_SOMETHING.search(old) and bool(_HAN.search(old)) == bool(_HAN.search(word)):
                    change = Change(start, stop, like(word, old, text, start))
                    edit = TextEdit(self, subject.document, (change,), end.about(position))
                    if not glues(edit):
                        yield edit
