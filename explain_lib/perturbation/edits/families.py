"""All families of edits, ready to use, sorted by what they may be used for."""

from __future__ import annotations

from .context_mask import ContextMask
from .family import Family


def label_keeping() -> tuple[Family, ...]:
    """Families after whose edits entities keep label and ends, with default settings."""
    return (ContextMask(),)


def stress() -> tuple[Family, ...]:
    """Families whose edits may rightly change an entity: for boundary sensitivity only."""
    return ()
