"""Concepts: which units of a text are examples of an idea such as negation or a body site."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Span, Units
from explain_lib.corpora import default_units

from .rows import folded

Bools = npt.NDArray[np.bool_]


class Concept(Protocol):
    """A named idea with examples. `is_lexical` says that its examples are the occurrences of some words."""

    @property
    def name(self) -> str:
        """How results call it."""
        ...

    @property
    def is_lexical(self) -> bool:
        """Whether random words (True) or random places (False) are the fair comparison."""
        ...

    def examples(self, units: Units) -> Bools:
        """bool[units]: which units of a text are examples."""
        ...


@dataclass(frozen=True)
class WordConcept:
    """Every occurrence of one of the `words`, whatever its case and width; a word of several units is found as such."""

    name: str
    words: Sequence[str]
    is_lexical: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.words, str) or not self.words or not all(word.strip() for word in self.words):
            raise ValueError(f"concept {self.name!r} needs a list of words, none of them empty.")
        object.__setattr__(self, "words", tuple(self.words))

    def examples(self, units: Units) -> Bools:
        """bool[units]: units of an occurrence."""
        texts = [folded(text) for text in units.texts]
        found = np.zeros(len(texts), dtype=bool)
        for parts in (self._parts(word) for word in self.words):
            for start in (i for i, text in enumerate(texts) if text == parts[0]):
                if texts[start : start + len(parts)] == parts:
                    found[start : start + len(parts)] = True
        return found

    @staticmethod
    def _parts(word: str) -> list[str]:
        return [folded(text) for text in default_units(Document(word)).texts]


@dataclass(frozen=True, eq=False)
class SpanConcept:
    """The units of annotated spans: {document id: spans}, such as body sites or negated findings."""

    name: str
    spans: Mapping[str, Sequence[Span]]
    is_lexical: bool = False

    def __repr__(self) -> str:
        return f"SpanConcept({self.name!r}, spans of {len(self.spans)} documents)"

    def examples(self, units: Units) -> Bools:
        """bool[units]: units inside a span of their document."""
        found = np.zeros(len(units), dtype=bool)
        for span in self.spans.get(units.document.id, ()):
            found |= units.inside(span)
        return found


@dataclass(frozen=True, eq=False)
class DocumentConcept:
    """All units of some documents, by id: a section, a source, a kind of patient."""

    name: str
    documents: Collection[str]
    is_lexical: bool = False

    def __repr__(self) -> str:
        return f"DocumentConcept({self.name!r}, {len(self.documents)} documents)"

    def examples(self, units: Units) -> Bools:
        """bool[units]: all or none."""
        return np.full(len(units), units.document.id in self.documents)
