"""JSON records of tokens with entities as token ranges, as in the packagings of GENIA and ACE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from ..core import Document, Problem
from .claims import Claim, offset
from .json_records import Record, holds_json_objects, json_documents
from .source import Source


@dataclass(frozen=True)
class TokenSpans:
    """Reads `{"tokens": [...], "entity_mentions": [{"start", "end", "entity_type"}]}`; ends are exclusive.

    Tokens are joined by one blank. `doc_id` is kept in `meta`, `sent_id` is the document's id.
    """

    def recognises(self, path: Path, head: str) -> bool:
        """JSON objects with tokens and entity mentions."""
        return holds_json_objects(head) and '"tokens"' in head and '"entity_mentions"' in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a record."""

        def blank(record: Record, made_up_id: str) -> Document:
            meta = {"document": record["doc_id"]} if "doc_id" in record else {}
            return Document(" ".join(record["tokens"]), source.lang, (), str(record.get("sent_id", made_up_id)), meta)

        return json_documents(source, blank, lambda record: record["entity_mentions"], _claim)


def _claim(record: Record, item: Mapping[str, Any]) -> Claim:
    tokens, first, last = record["tokens"], offset(item["start"]), offset(item["end"]) - 1
    if not 0 <= first <= last < len(tokens):
        raise ValueError(f"tokens {first} to {last + 1} are no range of {len(tokens)} tokens")
    starts = [0, *accumulate(len(token) + 1 for token in tokens)]
    return Claim(((starts[first], starts[last] + len(tokens[last])),), str(item["entity_type"]), item.get("text"))
