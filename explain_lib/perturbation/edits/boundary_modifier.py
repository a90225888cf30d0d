"""Boundary modifier: words that leave an entity what it is are put before or behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .boundaries import End, ends
from .change import Change
from .family import Edit, Subject
from .layout import distinct, glues, is_tied, opens_sentence
from .text_edit import TextEdit
from .word_lists.neutral import MODIFIERS


@dataclass(frozen=True)
class BoundaryModifier:
    """Stress: insert a neutral modifier before or behind an entity ("known", "as mentioned", 所谓, 之类)."""

    name: ClassVar[str] = "boundary modifier"
    languages: ClassVar[tuple[str, ...]] = tuple(MODIFIERS)
    keeps_label: ClassVar[bool] = False
    cost: ClassVar[int] = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        known = MODIFIERS[subject.document.lang]
        whole = [end for end in ends(subject) if not is_tied(subject.document.text, end.place)]
        edits = [self._inserted(subject, end, words) for end in whole for words in known[end.side]]
        return distinct((edits[i] for i in rng.permutation(len(edits)) if not glues(edits[i])), n)

    def _inserted(self, subject: Subject, end: End, words: str) -> TextEdit:
        text, blank = subject.document.text, "" if subject.document.lang == "zh" else " "
        if end.side == "left":
            capital = opens_sentence(text, end.place) and text[end.place].isupper()
            words = words[0].upper() + words[1:] if capital else words
            change = Change(end.place, end.place, words + blank)
        else:
            change = Change(end.place, end.place, blank + words)
        return TextEdit(self, subject.document, (change,), end.about("between"))
