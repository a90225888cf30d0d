"""Entities of a document as lanes under its text: predicted, gold, nested, overlapping and discontinuous ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from explain_lib.core import Document, Prediction, Span, Units

from .text import visible

_LABEL_COLUMN = 0.8  # width of a label's character, in halves of a Han character of the text
_LABEL_HAN = 1.2  # and of a Han character in a label
_LABEL_MARGIN = 2.5


def entity_spans(document: Document, prediction: Prediction | None = None, targets: Iterable[Span] = ()) -> list[Span]:
    """The distinct spans of the prediction, the targets and the gold standard, in the order in which they are drawn."""
    predicted = prediction.spans if prediction else ()
    return sorted({*predicted, *targets, *document.spans}, key=reading_order)


def reading_order(span: Span) -> tuple[int, int, str, tuple[tuple[int, int], ...]]:
    """From left to right; of two spans that start together, the longer one first."""
    return span.start, -span.end, span.label, span.fragments


def entity_views(units: Units, spans: Sequence[Span], prediction: Prediction | None = None) -> list[dict[str, Any]]:
    """One dict per span (in `reading_order`).

    Keys: start, end, label, text, predicted (None without a prediction), gold, confidence (or None), lane, state (""
    here; the what-if view says "lost" or "new"), problem ("" or why it cannot be explained), corrected ("" here; what
    a reader made of it) and parts: [unit, from, to, joined], the share of a unit's characters that the entity covers
    and whether the gap before it belongs to it.
    """
    sure = dict(zip(prediction.spans, prediction.confidence.tolist(), strict=True)) if prediction else {}
    lanes = lane_numbers(units.document, spans)
    return [
        {
            "start": span.start, "end": span.end, "label": visible(span.label),
            "text": visible(span.text_of(units.document.text)),
            "predicted": None if prediction is None else span in sure,
            "gold": span in units.document.spans, "confidence": rounded(sure.get(span)), "lane": lane, "state": "",
            "problem": "", "corrected": "", "parts": entity_parts(units, span),
        }
        for span, lane in zip(spans, lanes, strict=True)
    ]  # fmt: skip


def entity_parts(units: Units, span: Span) -> list[list[Any]]:
    """[unit, from, to, joined] for each unit that shares characters with the span."""
    parts: list[list[Any]] = []
    for start, end in span.parts:
        touched = np.flatnonzero((units.bounds[:, 0] < end) & (start < units.bounds[:, 1]))
        for i in touched.tolist():
            left, right = units.bounds[i].tolist()
            covers = [(max(start, left) - left) / (right - left), (min(end, right) - left) / (right - left)]
            parts.append([i, round(covers[0], 3), round(covers[1], 3), bool(i != touched[0])])
    return parts


def lane_numbers(document: Document, spans: Iterable[Span]) -> list[int]:
    """The lane of each span (sorted by start): the first one in which neither lines nor labels collide."""
    columns = np.concatenate([[0], np.cumsum([_columns(c) for c in document.text])])
    free_from: list[float] = []
    lanes = []
    for span in spans:
        begin = float(columns[span.start])
        label_end = begin + _label_columns(span.label) + _LABEL_MARGIN
        lane = next((i for i, end in enumerate(free_from) if end <= begin), len(free_from))
        free_from[lane : lane + 1] = [max(float(columns[span.end]), label_end)]
        lanes.append(lane)
    return lanes


def _label_columns(label: str) -> float:
    return sum(_LABEL_COLUMN if _columns(character) == 1 else _LABEL_HAN for character in label)


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def rounded(value: float | None) -> float | None:
    """A confidence with four digits, or None for none."""
    return None if value is None else round(value, 4)
