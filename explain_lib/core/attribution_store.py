"""Attributions on disk, with how they were fused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .attribution import Attribution, FusionDetail
from .records import SavedMethod
from .result_store import Arrays, read, write

FORMAT = "explain_lib attribution 1"
_OPTIONAL = ("local_share", "scales", "losses", "parts")


def save(attribution: Attribution, path: str | Path) -> None:
    """Write `path`/attribution.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    fusion = attribution.fusion
    arrays: Arrays = {}
    record: dict[str, Any] = {"format": FORMAT, "fusion_members": None}
    if fusion is not None:
        arrays = {name: a for name in ("weights", *_OPTIONAL) if (a := getattr(fusion, name)) is not None}
        members = [repr(member) for member in fusion.members]
        record |= {"fusion_members": members, "fusion_notes": fusion.notes, "fusion_n_evals": dict(fusion.n_evals)}
    write(attribution, path, "attribution", record, arrays)


def load(path: str | Path) -> Attribution:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    fields, record, arrays = read(path, "attribution", FORMAT, "is not an attribution")
    fusion = None
    if record["fusion_members"] is not None:
        members = tuple(SavedMethod(text) for text in record["fusion_members"])
        told: dict[str, Any] = {"notes": record.get("fusion_notes", ()), "n_evals": record.get("fusion_n_evals", {})}
        told |= {name: arrays.get(name) for name in _OPTIONAL}
        fusion = FusionDetail(members, arrays["weights"], **told)
    return Attribution(**fields, fusion=fusion)
