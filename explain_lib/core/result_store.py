"""What every saved result has in common: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .attribution import Provenance
from .json_file import read_json, write_json
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
    arrays_file, described = files(Path(path), name)
    everything = {
        **record,
        "method": repr(result.method),
        "n_evals": result.n_evals,
        "provenance": provenance_record(result.provenance),
        "targets": [target_record(target) for target in result.targets],
        "document": document_record(result.units.document),
    }
    write_json(described, everything, "the document's meta")
    stored = {field: getattr(result, field) for field in ARRAYS} | {"bounds": result.units.bounds} | arrays
    np.savez_compressed(arrays_file, allow_pickle=False, **stored)


def read(path: str | Path, name: str, form: str, complaint: str) -> tuple[dict[str, Any], dict[str, Any], Arrays]:
    """The fields that all results have, ready for the constructor; then the whole record and all arrays.

    Raises FileNotFoundError, and ValueError, which says what the file is not (`complaint`), for another format.
    """
    arrays_file, described = files(Path(path), name)
    record = read_json(described, form, complaint)
    with arrays_file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = dict(stored)
    fields = {
        "units": Units(read_document(record["document"]), arrays["bounds"]),
        "targets": tuple(read_target(target) for target in record["targets"]),
        "method": SavedMethod(record["method"]),
        "n_evals": record["n_evals"],
        "provenance": Provenance(**record["provenance"]),
    }
    return {**fields, **{field: arrays[field] for field in ARRAYS}}, record, arrays
