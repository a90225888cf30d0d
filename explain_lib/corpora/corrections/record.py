"""The lines of a file of corrections: one JSON object for each correction and each undo, and what each line is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from explain_lib.core import Document, Span
from explain_lib.core.records import read_span

from .correction import Correction, CorrectionKind

FORMAT = "explain_lib correction 1"
_START = json.dumps({"format": FORMAT})[:-1].encode()  # of every line, so that a torn one is still known


def line_of(number: int, correction: Correction, document: Document | None = None) -> str:
    """A correction as a line; with its document the words of its spans stand there too."""
    record = {
        "format": FORMAT, "number": number, "document": correction.document, "digest": correction.digest,
        "kind": str(correction.kind),
        "before": _span_record(correction.before, document), "after": _span_record(correction.after, document),
        "time": correction.time.isoformat(), "note": correction.note,
    }  # fmt: skip
    return json.dumps(record, ensure_ascii=False)


def undo_line(number: int, time: datetime) -> str:
    """The line that takes back the correction of that number."""
    return json.dumps({"format": FORMAT, "undo": number, "time": time.isoformat()})


def read_line(line: bytes) -> tuple[int, Correction | None]:
    """The number of a correction and the correction, None where it is taken back; ValueError for any other line."""
    try:
        record = json.loads(line.decode("utf-8"))
        if record["format"] != FORMAT:
            raise ValueError(f"its format is not {FORMAT!r}")
        if "undo" in record:
            return int(record["undo"]), None
        return int(record["number"]), _correction(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # torn or altered by hand: JSON of any shape
        raise ValueError(f"it is no correction ({type(error).__name__})") from error


def may_be_ours(line: bytes) -> bool:
    """Whether a line begins as ours do, be it torn."""
    return line.startswith(_START) or _START.startswith(line)


def _correction(record: Mapping[str, Any]) -> Correction:
    before, after = (None if record[side] is None else read_span(record[side]) for side in ("before", "after"))
    time, kind = datetime.fromisoformat(record["time"]), CorrectionKind(record["kind"])
    return Correction(str(record["document"]), str(record["digest"]), kind, before, after, time, str(record["note"]))


def _span_record(span: Span | None, document: Document | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return asdict(span) | ({} if document is None else {"text": span.text_of(document.text)})
