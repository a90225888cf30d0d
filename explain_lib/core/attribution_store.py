"""Attributions on disk: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from .attribution import Attribution, FusionDetail, Provenance
from .records import (
    SavedMethod, document_record, files, provenance_record, read_document, read_target, target_record,
)  # fmt: skip
from .units import Units

FORMAT = "explain_lib attribution 1"
ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")


def save(attribution: Attribution, path: str | Path) -> None:
    """Write `path`/attribution.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    arrays_file, json_file = files(Path(path), "attribution")
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
    arrays_file, json_file = files(Path(path), "attribution")
    record = json.loads(json_file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{json_file} is not an attribution of this version; its first entry must be {FORMAT!r}.")
    with np.load(arrays_file, allow_pickle=False) as stored:
        arrays = dict(stored)
    units = Units(read_document(record["document"]), arrays["bounds"])
    fusion = None
    if record["fusion_members"] is not None:
        members = tuple(SavedMethod(text) for text in record["fusion_members"])
        fusion = FusionDetail(members, arrays["weights"], arrays.get("local_share"))
    return Attribution(
        units,
        tuple(read_target(target) for target in record["targets"]),
        method=SavedMethod(record["method"]),
        n_evals=record["n_evals"],
        provenance=Provenance(**record["provenance"]),
        fusion=fusion,
        **{name: arrays[name] for name in ARRAYS},
    )


def _described(attribution: Attribution) -> dict[str, Any]:
    """What is no array, ready for JSON."""
    document, fusion = attribution.units.document, attribution.fusion
    return {
        "format": FORMAT,
        "method": repr(attribution.method),
        "n_evals": attribution.n_evals,
        "provenance": provenance_record(attribution.provenance),
        "targets": [target_record(target) for target in attribution.targets],
        "fusion_members": None if fusion is None else [repr(member) for member in fusion.members],
        "document": document_record(document),
    }
