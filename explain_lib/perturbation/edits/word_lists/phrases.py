"""Phrases by key: what families take from users, and how they show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from explain_lib.core import Document, Prediction, Span


@dataclass(frozen=True, repr=False)
class Phrases:
    """Phrases under keys: alternatives of a word, names of a label, sentences of a language.

    Make them with `Phrases.of({"owing to": ["because of"]})`. They may come from clinical texts, so the repr tells
    sizes and a digest, never a phrase; it differs wherever phrases differ, and so do the edits drawn with them.
    """

    entries: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, phrases: Mapping[str, Iterable[str]]) -> Phrases:
        """From a mapping; ValueError for a str where several phrases are expected, or an empty phrase."""
        for key, found in phrases.items():
            if isinstance(found, str) or not all(phrase.strip() for phrase in found):
                raise ValueError(f"the phrases of {key!r} must be a list of phrases that are not empty.")
        return cls(tuple((key, tuple(dict.fromkeys(found))) for key, found in phrases.items()))

    def __getitem__(self, key: str) -> tuple[str, ...]:
        """The phrases under a key; none for one that is not there."""
        return next((found for known, found in self.entries if known == key), ())

    def __repr__(self) -> str:
        digest = blake2b(repr(self.entries).encode(), digest_size=4).hexdigest()
        return f"Phrases({len(self.entries)} keys, {sum(len(found) for _, found in self.entries)} phrases, {digest})"


def entity_names(documents: Iterable[Document], predictions: Iterable[Prediction] = ()) -> Phrases:
    """The names of entities by label, for `EntitySwap`: gold spans of documents, and predicted ones where given.

    `predictions` stand in the order of the documents. Discontinuous spans and those over several lines are left out.
    """
    found: dict[str, dict[str, None]] = {}
    listed = list(documents)
    predicted = [prediction.spans for prediction in predictions] or [()] * len(listed)
    for document, more in zip(listed, predicted, strict=True):
        for span in (*document.spans, *more):
            if _is_plain(span, document.text):
                found.setdefault(span.label, {})[span.text_of(document.text)] = None
    return Phrases.of(found)


def _is_plain(span: Span, text: str) -> bool:
    return not span.is_discontinuous and not {"\n", "\r"} & set(span.text_of(text))
