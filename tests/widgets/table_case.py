"""A corpus of made-up entities as the page gets it, and its scores as the library counts them."""

from __future__ import annotations

import math
from base64 import b64encode
from typing import Any

import numpy as np

from explain_lib import Document, EntityErrors, Prediction, Span, entity_errors
from explain_lib.evaluation.entities import ALL_LABELS, EntityScores
from widgets import EntityTable
from widgets.views.entity_table import SCHEMES

FIGURES = {"precision": "precision", "recall": "recall", "f1": "F1"}
SECTIONS = ("history", "plan", "")


def table_case() -> dict[str, Any]:
    """The traits of a table of 60 texts, and the scores of all of it, of each label and of each section."""
    errors = made_up_errors()
    labels = sorted({one.about["label"] for one in errors.scores.measures} - {ALL_LABELS})
    table = EntityTable(errors, {"margin": np.arange(len(errors.outcomes)) / 4})
    return {
        "table": table.table,
        "codes": b64encode(table.codes).decode(),
        "figures": b64encode(table.figures).decode(),
        "classes": {str(error): n for error, n in errors.counts.items()},
        "scores": _scores(errors.scores),
        "by_type": {label: _scores(errors.scores, label) for label in labels},
        "by_part": {name: _scores(part.scores) for name, part in errors.slices("section").items()},
        "type_of_part": _scores(errors.slices("section")["plan"].scores, "A"),
        "rows_of_part": {name: len(part.outcomes) for name, part in errors.slices("section").items()},
    }


def made_up_errors() -> EntityErrors:
    """Gold spans and what a careless model made of them: every class of errors, flags, a type with gold only."""
    rng = np.random.default_rng(0)
    documents, predictions = [], []
    for i in range(60):
        text = "".join(rng.choice(list("fever cough 头痛"), 60))
        gold = [Span(s, s + 6, str(rng.choice(["A", "B", "C"]))) for s in (8, 16, 24, 40) if rng.random() < 0.7]
        found = tuple(dict.fromkeys(one for span in gold for one in _mistaken(span, rng)))
        gold += [Span(0, 1, "gold only")] * (i == 0)
        documents.append(Document(text, ("en", "zh")[i % 2], tuple(gold), f"Note{i}", {"section": SECTIONS[i % 3]}))
        sure = [0.99 if span.start == 52 else rng.random() for span in found]
        predictions.append(Prediction(found, np.array(sure)))
    return entity_errors(documents, predictions)


def _mistaken(span: Span, rng: np.random.Generator) -> list[Span]:
    """The span itself as often as not, else one of the mistakes that a tagger makes."""
    start, end, label = span.start, span.end, span.label
    others = [
        [], [Span(start, end, "B")], [Span(start, start + 2, label), Span(end - 2, end, label)],
        [Span(start, end + 9, label)], [Span(start + 1, end + 1, "C")], [Span(start + 1, end, label)],
        [Span(start - 1, end + 1, label)], [Span(start + 1, end + 1, label)], [span, Span(52, 55, "A")],
    ]  # fmt: skip
    return [span] if rng.random() < 0.4 else others[rng.integers(len(others))]


def _scores(scores: EntityScores, label: str = ALL_LABELS) -> dict[str, dict[str, float | None]]:
    """{scheme: {figure: value}}, None where the library has none."""
    values = {(s, key): scores.measure(name, s, label).value for s in SCHEMES for key, name in FIGURES.items()}
    return {s: {key: None if math.isnan(v := values[s, key]) else v for key in FIGURES} for s in SCHEMES}
