"""Lists of mentions with their first offset, as in cMedQANER."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import Document, Problem
from .claims import Claim, offset
from .json_records import Record, holds_json_objects, json_documents, text_of
from .source import Source


@dataclass(frozen=True)
class MentionList:
    """Reads `{"text", "mention_data": [{"mention", "type", "offset"}]}`; offsets may be strings."""

    def recognises(self, path: Path, head: str) -> bool:
        """JSON with mention_data."""
        return holds_json_objects(head) and '"mention_data"' in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a record."""

        def blank(record: Record, made_up_id: str) -> Document:
            return Document(text_of(record), source.lang, (), str(record.get("id", made_up_id)))

        return json_documents(source, blank, lambda record: record["mention_data"], _claim)


def _claim(_: Record, item: Mapping[str, Any]) -> Claim:
    start, mention = offset(item["offset"]), str(item["mention"])
    return Claim(((start, start + len(mention)),), str(item["type"]), mention)
