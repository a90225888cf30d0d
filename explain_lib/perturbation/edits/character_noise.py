"""Character noise: slips of the keyboard, and characters taken for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from explain_lib.corpora.segmentation.sections import titles

from .change import Change, are_apart
from .context_words import check_limits, free_ranges
from .family import Edit, Subject
from .layout import distinct
from .slips import places, users_places, written
from .text_edit import TextEdit
from .typos import TYPOS
from .word_lists.phrases import Phrases

OWN = ("zh", "nl", "en")
Slip = tuple[Change, str]


@dataclass(frozen=True)
class CharacterNoise:
    """Change one to `most` words as hasty typing would, each by one slip.

    Words of five Latin letters or more get a *swap*, *drop*, *double* or *neighbour* of a letter behind the first, or
    another *case*; no slip spells a piece of the model's vocabulary, since it would be another word. In Han text one
    character gives place to one of the *same sound* (tones aside), a *look-alike* or its form in the other *script*;
    in Chinese documents runs of Latin letters, figures and marks take the other *width*. Kinds are drawn alike, however
    many places they have. Slips that the tokenizer does not see, such as the case under an uncased one, are left out.

    Without `inside` only words farther than `margin` units from every protected span are changed. With it, words in the
    asked-for entities (gold ones where nothing is asked for, else predicted ones) are, and nothing else: a misspelt
    name may rightly be read otherwise, so these edits are not held to keep labels, and the family is no default.

    `confusions` (characters and what they may be taken for) replace our tables and all other kinds, in any language.
    """

    most: int = 2
    margin: int = 1
    inside: bool = False
    confusions: Phrases | None = None

    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        check_limits(self.most, self.margin)

    @property
    def name(self) -> str:
        """Two names, so that both arms can stand in one bank."""
        return "character noise inside" if self.inside else "character noise"

    @property
    def keeps_label(self) -> bool:
        """Only where entities are left alone."""
        return not self.inside

    @property
    def languages(self) -> tuple[str, ...] | None:
        """Those of our tables; all with tables of the user."""
        return OWN if self.confusions is None else None

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        slips = _Slips(subject, self._places(subject), self.confusions, rng)
        tries = 16 * n if slips.places else 0  # many slips spell a word or are not seen
        picks = ([slips.draw() for _ in range(int(rng.integers(1, self.most + 1)))] for _ in range(tries))
        return distinct(self._edits(subject, picks), n)

    def _edits(self, subject: Subject, picks: Iterable[list[Slip | None]]) -> Iterator[TextEdit]:
        for pick in picks:
            found = sorted(slip for slip in pick if slip is not None)
            if found and are_apart([change for change, _ in found]):
                changes = tuple(change for change, _ in found)
                edit = TextEdit(self, subject.document, changes, {"kinds": [kind for _, kind in found]})
                if all(edit.moved(span) is not None for span in subject.protected):  # others lie in a word of entities
                    yield edit

    def _places(self, subject: Subject) -> dict[str, list[tuple[int, int]]]:
        """Where each kind of slip may act; no kind without a place."""
        document = subject.document
        is_free = _inside(subject) if self.inside else free_ranges(subject, self.margin)
        headed = titles(document.text)
        found: dict[str, list[tuple[int, int]]] = {}
        known = places(document) if self.confusions is None else users_places(document, self.confusions)
        for kind, start, end in known:
            if is_free(start, end) and not any(first < end and start < last for first, last in headed):
                found.setdefault(kind, []).append((start, end))
        return found


@dataclass(frozen=True, eq=False)
class _Slips:
    """Slips of one text, drawn one at a time."""

    subject: Subject
    places: Mapping[str, list[tuple[int, int]]]
    confusions: Phrases | None
    rng: np.random.Generator

    @cached_property
    def pieces(self) -> Mapping[str, int]:
        return self.subject.query.model.vocabulary.pieces()

    def draw(self) -> Slip | None:
        """A kind, a place and a slip there, all at random; None where it spells a word or is not seen."""
        kind = list(self.places)[int(self.rng.integers(len(self.places)))]
        start, end = self.places[kind][int(self.rng.integers(len(self.places[kind])))]
        old = self.subject.document.text[start:end]
        found = written(kind, old) if self.confusions is None else list(self.confusions[old])
        new = found[int(self.rng.integers(len(found)))] if found else old
        is_word = kind in TYPOS and kind != "case" and new.casefold() in self.pieces
        encode = self.subject.query.model.encode
        is_seen = not np.array_equal(encode(new).ids, encode(old).ids)
        return (Change(start, end, new), kind) if is_seen and not is_word else None


def _inside(subject: Subject) -> Callable[[int, int], bool]:
    """A test of a range: whether an entity holds it."""
    asked = [target.span for target in subject.query.targets if target.span is not None]
    parts = [part for span in asked or subject.document.spans or subject.protected for part in span.parts]
    return lambda start, end: any(first <= start and end <= last for first, last in parts)
