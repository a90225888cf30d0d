"""Where a word stands in a corpus: the places that its score was made of, or all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from explain_lib.attribution.global_importance.rows import Rows, Where, folded, rows_of
from explain_lib.core import CorpusTable, Document, Span
from explain_lib.corpora import default_units

from .excerpts import excerpt, excerpts
from .report_parts import MINUS

SHOWN = 30
Side = Literal["left", "right", ""]


@dataclass(frozen=True)
class Place:
    """A word in text number `text`, at characters `start` to `end`; `span` is the entity that its score is about."""

    text: int
    start: int
    end: int
    span: Span | None = None
    score: float = np.nan
    std_error: float = np.nan


@dataclass(frozen=True, eq=False)
class Scored:
    """The places of a table of attributions of `documents`, whose ids are all different."""

    table: CorpusTable
    documents: Sequence[Document]
    where: Where = "context"

    @cached_property
    def rows(self) -> Rows:
        """The rows that recipes read."""
        return rows_of(self.table, self.where)

    def places(self, word: str, label: str, beside: Side = "") -> list[Place]:
        """Where `word` was scored for `label`, the strongest first; with `beside`, next to that end of the entity."""
        rows = self.rows
        if word not in rows.words or label not in rows.labels:
            return []
        at = np.flatnonzero((rows.word == rows.words.index(word)) & (rows.label == rows.labels.index(label)))
        at = at[np.argsort(-np.abs(rows.score[at]), kind="stable")]
        numbers = {document.id: i for i, document in enumerate(self.documents)}
        texts = np.array([numbers[name] for name in rows.documents], np.int64)[rows.document[at]]
        ends = [self._ends[name][rows.at[at]].tolist() for name in self._ends]
        scores = (rows.score[at].tolist(), rows.std_error[at].tolist())
        made = [
            Place(text, first, last, Span(start, end, rows.labels[rows.label[i]]) if start >= 0 else None, *score)
            for i, text, first, last, start, end, *score in zip(at, texts.tolist(), *ends, *scores, strict=True)
        ]
        return [one for one in made if not beside or self._is_beside(one, beside)]

    @cached_property
    def _ends(self) -> dict[str, Any]:
        return {name: self.table.column(name) for name in ("unit_start", "unit_end", "target_start", "target_end")}

    def _is_beside(self, place: Place, side: Side) -> bool:
        """Whether nothing but white space stands between the word and that end of its entity."""
        if place.span is None:
            return False
        first, last = (place.end, place.span.start) if side == "left" else (place.span.end, place.start)
        return first <= last and not self.documents[place.text].text[first:last].strip()


def occurrences(documents: Sequence[Document], word: str) -> Iterator[Place]:
    """Every place of a word, whatever its case and width, in the order of the corpus."""
    for text, document in enumerate(documents):
        if word not in folded(document.text):  # a quick look first: units take their time
            continue
        units = default_units(document)
        for (start, end), unit in zip(units.bounds.tolist(), units.texts, strict=True):
            if folded(unit) == word:
                yield Place(text, start, end)


def places_view(
    caption: str, places: Sequence[Place], documents: Sequence[Document], predicted: Mapping[int, Sequence[Span]]
) -> dict[str, Any]:
    """{"caption", "excerpts"}: the words around each place, with gold and predicted entities, and its score.

    `predicted` are spans by the number of their text; where a text has none, the entity of the score stands for them.
    """
    return excerpts(caption, [_excerpt(one, documents[one.text], predicted) for one in places])


def _excerpt(place: Place, document: Document, predicted: Mapping[int, Sequence[Span]]) -> dict[str, Any]:
    own = [place.span] if place.span and place.span not in document.spans else []
    spans = predicted.get(place.text, own)
    about = [place.span.label] if place.span else []
    if np.isfinite(place.score):
        error = f" ± {place.std_error:.2g}" if place.std_error > 0 else ""
        about.append(f"{place.score:+.2f}{error}".replace("-", MINUS))
    name = document.id or f"text {place.text + 1}"
    return excerpt(name, document, (place.start, place.end), document.spans, spans, " · ".join(about))
