"""Entity errors as a JSON file, texts included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from explain_lib.core import Span
from explain_lib.core.json_file import json_file, read_json, write_json
from explain_lib.core.records import document_record, read_document, read_span
from explain_lib.evaluation.entities import CountedSpans

from .errors import EntityErrors
from .outcome import ErrorClass, Outcome

FORMAT = "explain_lib EntityErrors 1"


def save(errors: EntityErrors, path: str | Path) -> None:
    """Write `path`/errors.json, or `path` itself where it ends in .json."""
    spans = errors.spans
    record = {
        "format": FORMAT,
        "rng": errors.rng,
        "documents": [document_record(document) for document in errors.documents],
        "wholes": list(errors.wholes),
        "gold": [_records(each) for each in spans.gold],
        "predicted": [_records(each) for each in spans.predicted],
        "confidence": [[repr(one) for one in each.tolist()] for each in spans.confidence],
        "note": spans.note,
        "outcomes": [_outcome_record(one) for one in errors.outcomes],
    }
    write_json(json_file(path, "errors"), record, "a document's meta")


def load(path: str | Path) -> EntityErrors:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for a file of another kind."""
    record = read_json(json_file(path, "errors"), FORMAT, "holds no EntityErrors")
    gold, predicted = ([_spans(each) for each in record[side]] for side in ("gold", "predicted"))
    confidence = tuple(np.array([float(one) for one in each]) for each in record["confidence"])
    return EntityErrors(
        outcomes=tuple(_read_outcome(one) for one in record["outcomes"]),
        documents=tuple(read_document(document) for document in record["documents"]),
        spans=CountedSpans(tuple(gold), tuple(predicted), confidence, record["note"]),
        wholes=tuple(record["wholes"]),
        rng=record["rng"],
    )


def _records(spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [asdict(span) for span in spans]


def _spans(records: Sequence[dict[str, Any]]) -> tuple[Span, ...]:
    return tuple(read_span(record) for record in records)


def _outcome_record(one: Outcome) -> dict[str, Any]:
    """An outcome; confidences are words here, as they may be NaN."""
    return {**asdict(one), "error": str(one.error), "confidence": repr(one.confidence)}


def _read_outcome(record: dict[str, Any]) -> Outcome:
    gold, predicted = (None if record[side] is None else read_span(record[side]) for side in ("gold", "predicted"))
    return Outcome(**{
        **record, "gold": gold, "predicted": predicted, "error": ErrorClass(record["error"]),
        "confidence": float(record["confidence"]),
    })  # fmt: skip
