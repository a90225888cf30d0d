"""Jitter: the same note typed another way, with values and dates a little off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .change import Change, are_apart, changed_text
from .context_words import free_ranges
from .dates import rewritten, shifted
from .family import Edit, Subject
from .layout import distinct
from .numbers import near_values, regrouped, unit_blanks
from .text_edit import TextEdit
from .white_space import layouts

Jittered = tuple[str, tuple[Change, ...]]
NEAR = {"value", "date"}  # kinds that may act right beside an entity: a value stands beside its test


@dataclass(frozen=True)
class Jitter:
    """Change one to `most` things that do not matter to what a note says.

    White space and line breaks; a section title gone; the blank between a number and its unit; the mark between
    thousands; known measurements up to a share of `reach` off, on the same side of the usual cuts; all full dates
    moved by the same days; a date written another way. Never inside a protected span, and but for values and dates
    not within `margin` units of one. What the model's tokenizer does not see, such as a line break for most BERTs, is
    left out. Each kind is drawn alike, however many places it has.
    """

    most: int = 2
    reach: float = 0.05
    margin: int = 1

    name: ClassVar[str] = "jitter"
    languages: ClassVar[tuple[str, ...]] = ("zh", "nl", "en")
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if self.most < 1 or not 0 <= self.reach < 1:
            raise ValueError(f"most is {self.most}, allowed is 1 or more; reach is {self.reach}, allowed is 0 to < 1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        kinds: dict[str, list[Jittered]] = {}
        beside, away = free_ranges(subject, 0), free_ranges(subject, self.margin)
        for kind, changes in self._all(subject):
            is_free = beside if kind in NEAR else away  # with the units beside an insertion
            if all(is_free(max(0, c.start - 1), c.end + 1) for c in changes) and _is_seen(subject, changes):
                kinds.setdefault(kind, []).append((kind, changes))
        tries = 8 * n if kinds else 0
        picks = (self._pick(list(kinds.values()), rng) for _ in range(tries))
        apart = (pick for pick in picks if are_apart([change for _, some in pick for change in some]))
        return distinct((self._edit(subject, pick) for pick in apart), n)

    def _all(self, subject: Subject) -> Iterator[Jittered]:
        document = subject.document
        text, lang = document.text, document.lang
        yield from layouts(document)
        for kind, found in (
            ("blank", unit_blanks(text)),
            ("thousands", regrouped(text, lang)),
            ("value", near_values(text, lang, self.reach)),
            ("date", shifted(text, lang)),
            ("date", rewritten(text, lang)),
        ):
            for changes in found:
                yield kind, changes

    def _pick(self, kinds: list[list[Jittered]], rng: np.random.Generator) -> list[Jittered]:
        size = int(rng.integers(1, self.most + 1))
        chosen = [kinds[int(i)] for i in rng.integers(0, len(kinds), size)]
        return [found[int(rng.integers(0, len(found)))] for found in chosen]

    def _edit(self, subject: Subject, pick: Sequence[Jittered]) -> TextEdit:
        changes = tuple(change for _, some in pick for change in some)
        return TextEdit(self, subject.document, changes, {"kinds": [kind for kind, _ in pick]})


def _is_seen(subject: Subject, changes: Sequence[Change]) -> bool:
    """Whether the model reads other pieces after the changes."""
    model, text = subject.query.model, changed_text(subject.document.text, changes)
    return bool(text.strip()) and not np.array_equal(model.encode(text).ids, subject.query.encoding.ids)
