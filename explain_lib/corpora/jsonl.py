"""The library's own format: one JSON object a line with id, lang, text, spans and meta."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core import Document, Problem
from .claims import Claim, offset
from .json_records import Record, holds_json_objects, json_documents, text_of
from .source import Source

_KNOWN = {"id", "lang", "text", "spans", "entities", "meta"}
_LABEL_KEYS = ("label", "type", "entity_type", "group")


@dataclass(frozen=True)
class JsonLines:
    """Reads and writes lines `{"id", "lang", "text", "spans": [{"start", "end", "label", "fragments"}], "meta"}`.

    Offsets are half open code points. `entities` may stand for `spans`; `type`, `entity_type` or `group` for `label`;
    and a span may carry its own `text`, which is then checked. Other keys of a record are kept in `meta`.
    """

    def recognises(self, path: Path, head: str) -> bool:
        """JSON objects with a text."""
        return holds_json_objects(head) and '"text"' in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a record; records without an id are numbered."""

        def blank(record: Record, made_up_id: str) -> Document:
            meta = {key: value for key, value in record.items() if key not in _KNOWN} | (record.get("meta") or {})
            lang, name = record.get("lang", source.lang), record.get("id", made_up_id)
            return Document(text_of(record), str(lang), (), str(name), meta)

        return json_documents(source, blank, _items, _claim)

    suffixes = (".jsonl", ".jsonlines", ".json")

    def fitted(self, document: Document) -> tuple[Document, tuple[str, ...]]:
        """The document itself: the format holds everything."""
        return document, ()

    def contents(self, documents: Sequence[Document], name: str) -> dict[str, str]:
        """One line a document; everything comes back when it is read."""
        return {name: "".join(_line(document) + "\n" for document in documents)}


def _items(record: Record) -> list[Any]:
    return list(record.get("spans") or record.get("entities") or [])


def _claim(_: Record, item: Mapping[str, Any]) -> Claim:
    parts = item.get("fragments") or [(item["start"], item["end"])]
    label = next((item[key] for key in _LABEL_KEYS if key in item), "")
    return Claim(tuple((offset(start), offset(end)) for start, end in parts), str(label), item.get("text"))


def _line(document: Document) -> str:
    spans: list[dict[str, Any]] = []
    for span in document.spans:
        spans.append({"start": span.start, "end": span.end, "label": span.label})
        if span.fragments:
            spans[-1]["fragments"] = [list(part) for part in span.fragments]
    record = {
        "id": document.id,
        "lang": document.lang,
        "text": document.text,
        "spans": spans,
        "meta": dict(document.meta),
    }
    try:
        return json.dumps(record, ensure_ascii=False)
    except TypeError as error:
        raise TypeError(
            f"the meta of document {document.id!r} cannot be written as JSON: {error}. "
            "Use strings, numbers, lists and dicts."
        ) from error
