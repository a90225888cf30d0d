"""JSON files of results: standard JSON, whose first entry says what the file holds, whatever is in the texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_json(file: Path, record: Mapping[str, Any], culprit: str) -> None:
    """Write a record and make its folder; TypeError, which names the `culprit`, for what is no plain value.

    Nothing is written then. A lone surrogate of a text becomes an escape, which JSON reads back as it was.
    """
    try:
        text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{culprit} cannot be saved: {error}. Keep finite plain values there.") from None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")


def read_json(file: Path, form: str, complaint: str) -> dict[str, Any]:
    """The record of a file whose first entry is `form`; ValueError, which says what the file is not, for another."""
    record = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != form:
        raise ValueError(f"{file} {complaint} of this version; its first entry must be {form!r}.")
    return record


def json_file(path: str | Path, name: str) -> Path:
    """The JSON file of a result that has no arrays: `name` inside a folder, or `x.json` itself."""
    at = Path(path)
    return at if at.suffix == ".json" else at / f"{name}.json"
