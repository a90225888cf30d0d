"""Synonyms: a few function and context words give place to words that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import regex

from .articles import right_article
from .change import Change
from .context_words import check_limits, free_ranges, word_cuts
from .family import Edit, Subject
from .layout import distinct, is_tied, like
from .text_edit import TextEdit
from .word_lists.phrases import Phrases
from .word_lists.synonyms import SYNONYMS

OWN = ("zh", "nl", "en")


@dataclass(frozen=True)
class Synonym:
    """Replace one to `most` words far from every protected span by synonyms of the same form.

    The lists hold function words and common words of notes that mean the same in every sentence that we could think of;
    `synonyms` (a word and its alternatives) replaces them, for any language. Han words are replaced where the segmenter
    finds them as words only. An English "a" follows its word.
    """

    most: int = 3
    margin: int = 1
    synonyms: Phrases | None = None

    name: ClassVar[str] = "synonym"
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        check_limits(self.most, self.margin)

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Those of our lists; all with lists of the user."""
        return OWN if self.synonyms is None else None

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        known = SYNONYMS[subject.document.lang] if self.synonyms is None else dict(self.synonyms.entries)
        places = list(self._places(subject, {word.casefold(): found for word, found in known.items()}))
        tries = 8 * n if places else 0
        return distinct((self._replaced(subject, places, rng) for _ in range(tries)), n)

    def _places(
        self, subject: Subject, known: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Ranges of known words that are free, longest word first, with their alternatives."""
        text, cuts, is_free = subject.document.text, word_cuts(subject), free_ranges(subject, self.margin)
        finder = regex.compile("|".join(map(regex.escape, sorted(known, key=len, reverse=True))) or "(?!)", regex.I)
        for match in finder.finditer(text):
            start, end = match.span()
            whole = start in cuts and (end in cuts or text[end].isspace())
            alone = not (is_tied(text, start) or is_tied(text, end))
            if whole and alone and is_free(start, end):
                yield start, end, known[match.group().casefold()]

    def _replaced(
        self, subject: Subject, places: list[tuple[int, int, tuple[str, ...]]], rng: np.random.Generator
    ) -> TextEdit:
        text, is_free, changes = subject.document.text, free_ranges(subject, self.margin), []
        size = int(rng.integers(1, min(self.most, len(places)) + 1))
        for i in sorted(rng.choice(len(places), size, replace=False).tolist()):
            start, end, alternatives = places[i]
            word = like(str(rng.choice(alternatives)), text[start:end], text, start)
            changes.append(Change(start, end, word))
            agreed = right_article(text, start, word) if subject.document.lang == "en" else None
            if agreed is not None and is_free(agreed[0], agreed[1]):
                changes.append(Change(*agreed))
        return TextEdit(self, subject.document, tuple(changes))
