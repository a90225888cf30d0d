"""Interactions on disk."""

from __future__ import annotations

from pathlib import Path

from .interactions import Interactions
from .result_store import read, write

FORMAT = "explain_lib interactions 1"


def save(found: Interactions, path: str | Path) -> None:
    """Write `path`/interactions.npz and .json, or, where `path` ends in .npz, that file and its .json."""
    write(found, path, "interactions", {"format": FORMAT}, {})


def load(path: str | Path) -> Interactions:
    """Read what `save` wrote. Raises FileNotFoundError, and ValueError for files of another kind."""
    fields, _, _ = read(path, "interactions", FORMAT, "holds no interactions")
    return Interactions(**fields)
