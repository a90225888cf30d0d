"""CMeEE and its kin: JSON with entities as start_idx, end_idx, type and entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import Document, Problem
from .claims import Claim, holds, offset
from .json_records import MALFORMED, Record, holds_json_objects, json_documents, records, text_of
from .source import Source


@dataclass(frozen=True)
class Cmeee:
    """Reads `{"text", "entities": [{"start_idx", "end_idx", "type", "entity"}]}`, in an array or one a line.

    Copies of CMeEE differ in whether `end_idx` belongs to the entity. Both readings are tried on the whole file, and
    the one under which more entities equal their text is taken.
    """

    def recognises(self, path: Path, head: str) -> bool:
        """JSON with start_idx."""
        return holds_json_objects(head) and '"start_idx"' in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a record."""
        beyond = 1 if _ends_are_inclusive(source) else 0

        def blank(record: Record, made_up_id: str) -> Document:
            return Document(text_of(record), source.lang, (), str(record.get("id", made_up_id)))

        return json_documents(source, blank, lambda record: record["entities"], lambda _, item: _claim(item, beyond))


def _claim(item: Mapping[str, Any], beyond: int) -> Claim:
    return Claim(
        ((offset(item["start_idx"]), offset(item["end_idx"]) + beyond),), str(item["type"]), item.get("entity")
    )


def _ends_are_inclusive(source: Source) -> bool:
    votes = 0
    for found in records(source):
        if isinstance(found, Problem):
            continue
        try:
            text, items = text_of(found[1]), list(found[1]["entities"])
            votes += sum(holds(text, _claim(item, 1)) - holds(text, _claim(item, 0)) for item in items)
        except MALFORMED:  # reported when the document is read
            continue
    return votes > 0
