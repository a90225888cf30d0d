"""What every saved result has in common: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .attribution import Provenance
from .records import (
    SavedMethod, document_record, files, provenance_record, read_document, read_target, target_record,
)  # fmt: skip
from .units import Units

if TYPE_CHECKING:
    from .attribution import Attribution
    from .interactions import Interactions

Arrays = dict[str, npt.NDArray[Any]]
ARRAYS = ("scores", "std_error", "dof", "base_value", "full_value", "active")


def write(
    result: Attribution | Interactions, path: str | Path, name: str, record: dict[str, Any], arrays: Arrays
) -> None:
    """Write `path`/`name`.npz and .json, or, where `path` ends in .npz, that file and its .json.

    `record` (its first entry the format) and `arrays` are what this kind of result has beyond the fields of all.
    """
    arrays_file, json_file = files(Path(path), name)
    described = {
        **record,
        "method": repr(result.method),
        "n_evals": result.n_evals,
        "provenance": provenance_record(result.provenance),
        "targets": [target_record(target) for target in result.targets],
        "document": document_record(result.units.document),
    }
    try:
        text = json.dumps(described, ensure_ascii=False, indent=1)
    except TypeError as error:
        what = f"the document's meta cannot be saved: {error}. Keep strings, numbers, lists and dicts in it."
        raise TypeError(what) from None
    stored = {field: getattr(result, field) for field in ARRAYS} | {"bounds": result.units.bounds} | arrays
    arrays_file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arrays_file, allow_pickle=False, **stored)
    json_file.write_text(text, encoding="utf-8")


def read(path: str | Path, name: str, form: str, complaint: str) -> tuple[dict[str, Any], dict[str, Any], Arrays]:
    """The fields that all results have, ready for the constructor; then the whole record and all arrays.

    Raises FileNotFoundError, and ValueError, which says what the file is not (`complaint`), for another format.
    """
    arrays_file, json_file = files(Path(path), name)
    record = json.loads(json_file.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("format") != form:
        raise ValueError(f"{json_file} {complaint} of this version; its first entry must be {form!r}.")
    with np.load(arrays_file, allow_pickle=False) as stored:
        arrays = dict(stored)
    fields = {
        "units": Units(read_document(record["document"]), arrays["bounds"]),
        "targets": tuple(read_target(target) for target in record["targets"]),
        "method": SavedMethod(record["method"]),
        "n_evals": record["n_evals"],
        "provenance": Provenance(**record["provenance"]),
    }
    return {**fields, **{field: arrays[field] for field in ARRAYS}}, record, arrays
