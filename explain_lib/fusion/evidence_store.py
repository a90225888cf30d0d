"""Evidence as one npz file per document, no pickle: what a run of `fit_fusion` keeps to go on from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core.records import SavedMethod
from explain_lib.core.table import whole_or_absent

from .evidence import Evidence, Near, Rows

ARRAYS = ("own", "active", "scores", "std_error", "dof", "edited", "edited_error")
PLAIN = ("words", "kind", "arm", "document", "said")
Arrays = dict[str, npt.NDArray[Any]]


def write(path: Path, evidence: Sequence[Evidence], failures: Sequence[str]) -> None:
    """Write one file, complete or not at all; words of the text are in it."""
    arrays: Arrays = {}
    records = []
    for number, one in enumerate(evidence):
        parts: Arrays = {name: getattr(one, name) for name in ARRAYS}
        parts |= _rows("rows", one.rows) | _rows("fresh", one.fresh)
        for near in one.near:
            parts[f"near {near.side}"] = near.scores
            parts |= _rows(f"near rows {near.side}", near.rows) | _rows(f"near wide {near.side}", near.wide)
        arrays |= {f"{number} {name}": array for name, array in parts.items()}
        plain = {name: getattr(one, name) for name in PLAIN}
        records.append({**plain, "members": [repr(m) for m in one.members], "near": [near.side for near in one.near]})
    text = json.dumps({"evidence": records, "failures": list(failures)})
    arrays["record"] = np.frombuffer(text.encode(), dtype=np.uint8)
    with whole_or_absent(path) as unfinished, unfinished.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read(path: Path) -> tuple[list[Evidence], list[str]]:
    """What `write` wrote; members come back as their reprs."""
    with np.load(path, allow_pickle=False) as stored:
        arrays: Arrays = dict(stored)
    record = json.loads(arrays["record"].tobytes().decode())
    return [_one(number, one, arrays) for number, one in enumerate(record["evidence"])], record["failures"]


def _one(number: int, record: dict[str, Any], arrays: Arrays) -> Evidence:
    def rows(name: str) -> Rows:
        return Rows(arrays[f"{number} {name} hidden"], arrays[f"{number} {name} change"])

    near = tuple(
        Near(side, arrays[f"{number} near {side}"], rows(f"near rows {side}"), rows(f"near wide {side}"))
        for side in record["near"]
    )
    found: dict[str, Any] = {name: arrays[f"{number} {name}"] for name in ARRAYS}
    found |= {name: record[name] for name in ("kind", "arm", "document")}
    found |= {name: tuple(record[name]) for name in ("words", "said")}
    return Evidence(
        members=tuple(map(SavedMethod, record["members"])), rows=rows("rows"), fresh=rows("fresh"), near=near, **found
    )


def _rows(name: str, rows: Rows) -> Arrays:
    return {f"{name} hidden": rows.hidden, f"{name} change": rows.change}
