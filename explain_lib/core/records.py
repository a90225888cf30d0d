"""Nouns as records of plain values, ready for JSON, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .attribution import Provenance
from .document import Document
from .span import Span
from .target import Longer, NoEntity, Target


@dataclass(frozen=True)
class SavedMethod:
    """The repr of a method that was saved with its result; shows as the method did, but cannot be run."""

    text: str

    def __repr__(self) -> str:
        return self.text


def files(path: Path, name: str) -> tuple[Path, Path]:
    """The npz and the JSON file of a result: `name` inside a folder, or `x.npz` with `x.json` beside it."""
    arrays = path if path.suffix == ".npz" else path / f"{name}.npz"
    return arrays, arrays.with_suffix(".json")


def provenance_record(provenance: Provenance) -> dict[str, Any]:
    """The fields of a provenance; `Provenance(**record)` is the way back."""
    return {**provenance.__dict__, "versions": dict(provenance.versions)}


def document_record(document: Document) -> dict[str, Any]:
    """Text, language, gold spans, id and meta of a document."""
    return {
        "text": document.text, "lang": document.lang, "id": document.id, "meta": dict(document.meta),
        "spans": [asdict(span) for span in document.spans],
    }  # fmt: skip


def target_record(target: Target) -> dict[str, Any]:
    """A target; its contrast as a label, ends or "no entity"."""
    match target.versus:
        case NoEntity():
            versus: Any = {"no_entity": True}
        case Longer(left, right):
            versus = {"left": left, "right": right}
        case other:
            versus = other
    span = None if target.span is None else asdict(target.span)
    return {"span": span, "label": target.label, "versus": versus, "margin": target.margin}


def read_target(record: dict[str, Any]) -> Target:
    """A target from its record."""
    versus = record["versus"]
    if isinstance(versus, dict):
        versus = NoEntity() if "no_entity" in versus else Longer(**versus)
    span = None if record["span"] is None else read_span(record["span"])
    return Target(span, record["label"], versus, record["margin"])


def read_span(record: dict[str, Any]) -> Span:
    """A span from its fields."""
    return Span(record["start"], record["end"], record["label"], tuple(map(tuple, record["fragments"])))


def read_document(record: dict[str, Any]) -> Document:
    """A document from its record."""
    spans = tuple(read_span(span) for span in record["spans"])
    return Document(record["text"], record["lang"], spans, record["id"], record["meta"])
