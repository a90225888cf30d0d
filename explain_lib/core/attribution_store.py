"""Attributions on disk: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .attribution import Attribution, FusionDetail, Provenance
from .document import Document
from .span import Span
from .target import Longer, NoEntity, Target
from .units import Units

FORMAT = "explain_lib attribution 1"
ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")


@dataclass(frozen=True)
class SavedMethod:
    """The repr of a method that was saved with its result; shows as the method did, but cannot be run."""

    text: str

    def __repr__(self) -> str:
        return self.text


def save(attribution: Attribution, path: str | Path) -> None:
    """Write `path`/attribution.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    arrays_file, json_file = _files(Path(path))
    arrays = {name: getattr(attribution, name) for name in ARRAYS} | {"bounds": attribution.units.bounds}
    if attribution.fusion is not None:
        arrays |= {"weights": attribution.fusion.weights}
        if attribution.fusion.local_share is not None:
            arrays |= {"local_share": attribution.fusion.local_share}
    try:
        text = json.dumps(_described(attribution), ensure_ascii=False, indent=1)
    except TypeError as error:
        what = f"the document's meta cannot be saved: {error}. Keep strings, numbers, lists and dicts in it."
        raise TypeError(what) from None
    arrays_file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arrays_file, allow_pickle=False, **arrays)
    json_file.write_text(text, encoding="utf-8")


def load(path: str | Path) -> Attribution:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    arrays_file, json_file = _files(Path(path))
    record = json.loads(json_file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{json_file} is not an attribution of this version; its first entry must be {FORMAT!r}.")
    with np.load(arrays_file, allow_pickle=False) as stored:
        arrays = dict(stored)
    units = Units(_document(record["document"]), arrays["bounds"])
    fusion = None
    if record["fusion_members"] is not None:
        members = tuple(SavedMethod(text) for text in record["fusion_members"])
        fusion = FusionDetail(members, arrays["weights"], arrays.get("local_share"))
    return Attribution(
        units,
        tuple(_target(target) for target in record["targets"]),
        method=SavedMethod(record["method"]),
        n_evals=record["n_evals"],
        provenance=Provenance(**record["provenance"]),
        fusion=fusion,
        **{name: arrays[name] for name in ARRAYS},
    )


def _files(path: Path) -> tuple[Path, Path]:
    arrays = path if path.suffix == ".npz" else path / "attribution.npz"
    return arrays, arrays.with_suffix(".json")


def _described(attribution: Attribution) -> dict[str, Any]:
    """What is no array, ready for JSON."""
    document, fusion = attribution.units.document, attribution.fusion
    provenance = {**attribution.provenance.__dict__, "versions": dict(attribution.provenance.versions)}
    return {
        "format": FORMAT,
        "method": repr(attribution.method),
        "n_evals": attribution.n_evals,
        "provenance": provenance,
        "targets": [_target_record(target) for target in attribution.targets],
        "fusion_members": None if fusion is None else [repr(member) for member in fusion.members],
        "document": {
            "text": document.text, "lang": document.lang, "id": document.id, "meta": dict(document.meta),
            "spans": [asdict(span) for span in document.spans],
        },
    }  # fmt: skip


def _target_record(target: Target) -> dict[str, Any]:
    match target.versus:
        case NoEntity():
            versus: Any = {"no_entity": True}
        case Longer(left, right):
            versus = {"left": left, "right": right}
        case other:
            versus = other
    span = None if target.span is None else asdict(target.span)
    return {"span": span, "label": target.label, "versus": versus, "margin": target.margin}


def _target(record: dict[str, Any]) -> Target:
    versus = record["versus"]
    if isinstance(versus, dict):
        versus = NoEntity() if "no_entity" in versus else Longer(**versus)
    span = None if record["span"] is None else _span(record["span"])
    return Target(span, record["label"], versus, record["margin"])


def _span(record: dict[str, Any]) -> Span:
    return Span(record["start"], record["end"], record["label"], tuple(map(tuple, record["fragments"])))


def _document(record: dict[str, Any]) -> Document:
    spans = tuple(_span(span) for span in record["spans"])
    return Document(record["text"], record["lang"], spans, record["id"], record["meta"])
