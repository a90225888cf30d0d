"""Interactions on disk: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from .attribution import Provenance
from .interactions import Interactions
from .records import (
    SavedMethod, document_record, files, provenance_record, read_document, read_target, target_record,
)  # fmt: skip
from .units import Units

FORMAT = "explain_lib interactions 1"
ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")


def save(found: Interactions, path: str | Path) -> None:
    """Write `path`/interactions.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    arrays_file, json_file = files(Path(path), "interactions")
    record = {
        "format": FORMAT,
        "method": repr(found.method),
        "n_evals": found.n_evals,
        "provenance": provenance_record(found.provenance),
        "targets": [target_record(target) for target in found.targets],
        "document": document_record(found.units.document),
    }
    try:
        text = json.dumps(record, ensure_ascii=False, indent=1)
    except TypeError as error:
        what = f"the document's meta cannot be saved: {error}. Keep strings, numbers, lists and dicts in it."
        raise TypeError(what) from None
    arrays = {name: getattr(found, name) for name in ARRAYS} | {"bounds": found.units.bounds}
    arrays_file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arrays_file, allow_pickle=False, **arrays)
    json_file.write_text(text, encoding="utf-8")


def load(path: str | Path) -> Interactions:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    arrays_file, json_file = files(Path(path), "interactions")
    record = json.loads(json_file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError(f"{json_file} holds no interactions of this version; its first entry must be {FORMAT!r}.")
    with np.load(arrays_file, allow_pickle=False) as stored:
        arrays = dict(stored)
    return Interactions(
        Units(read_document(record["document"]), arrays["bounds"]),
        tuple(read_target(target) for target in record["targets"]),
        method=SavedMethod(record["method"]),
        n_evals=record["n_evals"],
        provenance=Provenance(**record["provenance"]),
        **{name: arrays[name] for name in ARRAYS},
    )
