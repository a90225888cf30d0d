"""Attributions on disk, with how they were fused."""

from __future__ import annotations

from pathlib import Path

from .attribution import Attribution, FusionDetail
from .records import SavedMethod
from .result_store import Arrays, read, write

FORMAT = "explain_lib attribution 1"


def save(attribution: Attribution, path: str | Path) -> None:
    """Write `path`/attribution.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    fusion = attribution.fusion
    arrays: Arrays = {}
    if fusion is not None:
        arrays["weights"] = fusion.weights
        if fusion.local_share is not None:
            arrays["local_share"] = fusion.local_share
    members = None if fusion is None else [repr(member) for member in fusion.members]
    write(attribution, path, "attribution", {"format": FORMAT, "fusion_members": members}, arrays)


def load(path: str | Path) -> Attribution:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    fields, record, arrays = read(path, "attribution", FORMAT, "is not an attribution")
    fusion = None
    if record["fusion_members"] is not None:
        members = tuple(SavedMethod(text) for text in record["fusion_members"])
        fusion = FusionDetail(members, arrays["weights"], arrays.get("local_share"))
    return Attribution(**fields, fusion=fusion)
