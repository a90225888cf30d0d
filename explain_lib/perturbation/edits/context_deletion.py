"""Context deletion: some words far from every entity are taken out of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .change import Change
from .context_words import free_words
from .family import Edit, Subject
from .layout import distinct, glues, with_blank
from .text_edit import TextEdit


@dataclass(frozen=True)
class ContextDeletion:
    """Delete up to a share of the context units: whole words with their blank, far from every protected span.

    Words farther than `margin` units from protected spans count as context; at least one word is deleted, of texts with
    few units thus more than the share. Numbers, marks, first words of sentences and words that hang on others by a
    hyphen or slash stay. No two entities come to touch, as the unit next to each stays.
    """

    share: float = 0.1
    margin: int = 1

    name: ClassVar[str] = "context deletion"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or self.margin < 1:
            raise ValueError(
                f"share is {self.share}, allowed is above 0 and at most 1; margin is {self.margin}, allowed is 1 or "
                "more: entities on both sides of a deleted word would touch."
            )

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different sets of deleted words."""
        words = free_words(subject, self.margin)
        starts = subject.query.units.bounds[:, 0]
        sizes = [int(((start <= starts) & (starts < end)).sum()) for start, end in words]
        least = min(sizes, default=0)
        most = min(max(int(self.share * subject.free_units(self.margin).sum()), least), len(starts) - 1)
        tries = 8 * n if 0 < least <= most else 0
        picks = (_pick(sizes, int(rng.integers(least, most + 1)), rng) for _ in range(tries))
        return distinct(self._without(subject, words, picks), n)

    def _without(
        self, subject: Subject, words: Sequence[tuple[int, int]], picks: Iterator[list[int]]
    ) -> Iterator[TextEdit]:
        text = subject.document.text
        for pick in picks:
            gone, last = [], 0
            for start, end in (with_blank(text, *words[i]) for i in sorted(pick)):
                gone.append(Change(max(start, last), end, ""))  # two neighbours may claim one blank
                last = end
            edit = TextEdit(self, subject.document, tuple(gone))
            if not glues(edit):
                yield edit


def _pick(sizes: Sequence[int], most: int, rng: np.random.Generator) -> list[int]:
    """Indices in random order, as long as their sizes sum to no more than `most`."""
    picked, left = [], most
    for i in rng.permutation(len(sizes)).tolist():
        if sizes[i] <= left:
            picked.append(i)
            left -= sizes[i]
    return picked
