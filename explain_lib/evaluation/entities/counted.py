"""The gold and predicted spans of a corpus that count, under one spelling of their labels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Prediction, Span

Floats = npt.NDArray[np.float64]
Spans = tuple[Span, ...]
Labels = Collection[str] | Mapping[str, str] | None


@dataclass(frozen=True, eq=False)
class CountedSpans:
    """Spans of each text, gold and predicted, and the confidences float[spans] of the predicted ones.

    `note` says so where the labels of both sides have nothing in common, and is empty elsewhere.
    """

    gold: tuple[Spans, ...]
    predicted: tuple[Spans, ...]
    confidence: tuple[Floats, ...]
    note: str = ""

    def part(self, texts: Sequence[int]) -> CountedSpans:
        """The spans of some of the texts."""
        return CountedSpans(
            tuple(self.gold[at] for at in texts),
            tuple(self.predicted[at] for at in texts),
            tuple(self.confidence[at] for at in texts),
            self.note,
        )


def counted_spans(
    documents: Sequence[Document], predictions: Sequence[Prediction], labels: Labels = None
) -> CountedSpans:
    """The spans whose labels count: all, those that are named, or {a label: how it is to be written}.

    Both sides are read alike. Under a mapping the labels of its right side count too, and gold spans that it makes
    equal count once. Raises ValueError for lists of different lengths or spans that leave the text, TypeError for
    anything but Documents and Predictions.
    """
    _check(documents, predictions)
    names = _names(labels)
    gold = [tuple(_written(document.spans, names).values()) for document in documents]
    found = [_written(prediction.spans, names) for prediction in predictions]
    if isinstance(labels, Mapping):
        gold = [tuple(dict.fromkeys(spans)) for spans in gold]
    return CountedSpans(
        tuple(gold),
        tuple(tuple(spans.values()) for spans in found),
        tuple(p.confidence[list(spans)] for p, spans in zip(predictions, found, strict=True)),
        _strangers([d.spans for d in documents], [p.spans for p in predictions], names or {}),
    )


def _names(labels: Labels) -> dict[str, str] | None:
    """How each label that counts is written; None where all count as they are."""
    if labels is None:
        return None
    if isinstance(labels, str):
        raise TypeError(f"labels is the string {labels!r}; give a list of labels, for example [{labels!r}].")
    if isinstance(labels, Mapping):
        return {**{new: new for new in labels.values()}, **labels}
    return {label: label for label in labels}


def _written(spans: Sequence[Span], names: Mapping[str, str] | None) -> dict[int, Span]:
    """The spans that count, under their positions."""
    if names is None:
        return dict(enumerate(spans))
    return {i: replace(span, label=names[span.label]) for i, span in enumerate(spans) if span.label in names}


def _strangers(gold: Sequence[Spans], predicted: Sequence[Spans], names: Mapping[str, str]) -> str:
    """All labels are compared, also those that do not count: a misspelt `labels` must not hide the reason."""
    sides = (gold, predicted)
    true, found = ({names.get(span.label, span.label) for spans in side for span in spans} for side in sides)
    if not true or not found or true & found:
        return ""
    return (
        f"no label stands on both sides: gold has {', '.join(sorted(true)[:6])}; predictions have "
        f"{', '.join(sorted(found)[:6])}. Say which is which: labels={{{sorted(true)[0]!r}: {sorted(found)[0]!r}, …}}"
    )


def _check(documents: Any, predictions: Any) -> None:
    """Refuse lists that do not belong together, before a number is made of them."""
    if isinstance(documents, Document) or isinstance(predictions, Prediction):
        raise TypeError("give a list of documents and the list of their predictions, also for a single one.")
    if len(documents) != len(predictions):
        raise ValueError(
            f"there are {len(documents)} documents and {len(predictions)} predictions; give one prediction for each "
            "document, in the same order."
        )
    for at, (document, prediction) in enumerate(zip(documents, predictions, strict=True)):
        if not isinstance(document, Document) or not isinstance(prediction, Prediction):
            kinds = f"{type(document).__name__} and {type(prediction).__name__}"
            raise TypeError(f"entry {at} is a {kinds}; it must be a Document and a Prediction.")
        end = max((span.end for span in prediction.spans), default=0)
        if end > len(document.text):
            raise ValueError(
                f"prediction {at} has a span that ends at {end}, and its document {document.id!r} has "
                f"{len(document.text)} characters; give the predictions in the order of the documents."
            )
