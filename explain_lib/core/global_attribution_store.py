"""Global attributions on disk: arrays as npz, everything else as JSON, nothing pickled."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .attribution import Provenance
from .global_attribution import GlobalAttribution
from .json_file import read_json, write_json
from .records import SavedMethod, files, provenance_record

FORMAT = "explain_lib global attribution 1"
_ARRAYS = ("scores", "std_error", "dof", "counts", "documents")
_WORDS = ("features", "labels", "notes", "quantity", "method")


def save(result: GlobalAttribution, path: str | Path) -> None:
    """Write `path`/global.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    arrays_file, described = files(Path(path), "global")
    arrays = {name: getattr(result, name) for name in _ARRAYS}
    arrays |= {f"more {name}": values for name, values in result.more.items()}
    record = {
        "format": FORMAT, "recipe": repr(result.recipe), "provenance": provenance_record(result.provenance),
        **{name: getattr(result, name) for name in _WORDS},
    }  # fmt: skip
    write_json(described, record, "the result's words")
    np.savez_compressed(arrays_file, allow_pickle=False, **arrays)


def load(path: str | Path) -> GlobalAttribution:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    arrays_file, described = files(Path(path), "global")
    record = read_json(described, FORMAT, "is no global attribution")
    with arrays_file.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = dict(stored)
    more = {name.removeprefix("more "): arrays.pop(name) for name in list(arrays) if name.startswith("more ")}
    words = {name: record[name] for name in _WORDS}
    recipe, provenance = SavedMethod(record["recipe"]), Provenance(**record["provenance"])
    return GlobalAttribution(**arrays, **words, more=more, recipe=recipe, provenance=provenance)
