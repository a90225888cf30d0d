"""Documents and corpora: text as it was written, with its gold spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, overload

from .span import Span


@dataclass(frozen=True)
class Document:
    """A text with its language code, gold `spans`, `id` and `meta` (section, patient, source, …).

    The text is never normalised. Spans may nest and cross. Offsets are code points of `text`.
    Raises ValueError for an empty text and for a span that leaves the text.
    """

    text: str
    lang: str = ""
    spans: tuple[Span, ...] = ()
    id: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"Document.text is a {type(self.text).__name__}; it must be a str. Decode bytes first.")
        if not self.text:
            raise ValueError("Document.text is empty; a document needs at least one character.")
        object.__setattr__(self, "spans", tuple(self.spans))
        object.__setattr__(self, "meta", MappingProxyType(dict(self.meta)))
        for span in self.spans:
            if span.end > len(self.text):
                raise ValueError(
                    f"span {span.start}–{span.end} leaves the text, which has {len(self.text)} characters. "
                    "Offsets count Unicode code points of this very text."
                )

    def __hash__(self) -> int:
        return hash((self.text, self.lang, self.spans, self.id))

    def __repr__(self) -> str:
        # Texts may be clinical: a repr ends up in logs and error messages, so it shows sizes only.
        return f"Document(id={self.id!r}, lang={self.lang!r}, {len(self.text)} characters, {len(self.spans)} spans)"

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "meta": dict(self.meta)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        object.__setattr__(self, "meta", MappingProxyType(state["meta"]))


@dataclass(frozen=True)
class Problem:
    """What a reader could not take as it stood: the file, the line (1-based, 0 = whole file) and what is wrong."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


@dataclass(frozen=True)
class Corpus(Sequence[Document]):
    """Documents as read from files, with the problems met on the way; behaves as a sequence of documents."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "documents", tuple(self.documents))
        object.__setattr__(self, "problems", tuple(self.problems))

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Corpus: ...
    def __getitem__(self, index: int | slice) -> Document | Corpus:
        if isinstance(index, slice):
            return Corpus(self.documents[index], self.problems)
        return self.documents[index]

    def __repr__(self) -> str:
        return f"Corpus({len(self.documents)} documents, {len(self.problems)} problems)"
