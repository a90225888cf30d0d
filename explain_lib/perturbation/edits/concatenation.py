"""Concatenation: a neutral sentence joined before or behind the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import regex

from .change import Change
from .context_words import free_ranges
from .family import Edit, Subject
from .layout import distinct
from .text_edit import TextEdit
from .word_lists.phrases import Phrases
from .word_lists.sentences import SENTENCES

_ENDS = regex.compile(r"(?V1)[.!?。！？…][\p{Pe}\p{Pf}\"']*$")
_HAN_MARK = regex.compile(r"(?V1)[\p{Han}。！？…][\p{Pe}\p{Pf}]*$")


@dataclass(frozen=True)
class Concatenation:
    """Join one sentence of our own, about letters and appointments, before or behind the text.

    `sentences` by language code replace them: neutral ones of the user's documents, for one. Nothing else changes, all
    offsets move. A text that does not end in a full stop gets the sentence on a line of its own; where an entity ends
    such a text nothing is joined behind it, since most tokenizers do not see the line break.
    """

    sentences: Phrases | None = None

    name: ClassVar[str] = "concatenation"
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    @property
    def languages(self) -> tuple[str, ...]:
        """Those for which there are sentences."""
        return ("zh", "nl", "en") if self.sentences is None else tuple(key for key, _ in self.sentences.entries)

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        document = subject.document
        known = SENTENCES[document.lang] if self.sentences is None else self.sentences[document.lang]
        joined = [self._before(subject, sentence) for sentence in known]
        if _can_follow(subject):
            joined += [self._behind(subject, sentence) for sentence in known]
        return distinct((joined[i] for i in rng.permutation(len(joined))), n)

    def _before(self, subject: Subject, sentence: str) -> TextEdit:
        text = subject.document.text
        start = len(text) - len(text.lstrip())
        joint = "" if _HAN_MARK.search(sentence) else " "
        return TextEdit(self, subject.document, (Change(start, start, sentence + joint),), {"place": "before"})

    def _behind(self, subject: Subject, sentence: str) -> TextEdit:
        text = subject.document.text.rstrip()
        joint = "\n" if not _ENDS.search(text) else "" if _HAN_MARK.search(text) else " "
        return TextEdit(self, subject.document, (Change(len(text), len(text), joint + sentence),), {"place": "behind"})


def _can_follow(subject: Subject) -> bool:
    """Whether the text ends in a full stop, or in a free unit."""
    text = subject.document.text.rstrip()
    return bool(_ENDS.search(text)) or free_ranges(subject, 0)(len(text) - 1, len(text))
