"""What a query is given and asked, checked; messages name kinds and never contents, which may be clinical."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Target

from .game import check_keep

if TYPE_CHECKING:
    from .query import Query


def check_kinds(document: object, targets: object) -> None:
    """Raise TypeError, naming kinds and never contents, for what is most easily handed over by mistake."""
    if not isinstance(document, Document):
        raise TypeError(f"a query takes a Document, got a {type(document).__name__}. Wrap a text: Document(text).")
    if not isinstance(targets, Sequence):
        raise TypeError(f"targets is a {type(targets).__name__}; give a list: [Target(span)].")
    for target in targets:
        if not isinstance(target, Target):
            raise TypeError(f"targets holds a {type(target).__name__}; wrap a span: Target(span).")


def checked_rows(query: Query, keep: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """bool[n, units]: the rows as they are read, without the units that the query hides for good.

    Raises TypeError or ValueError for the wrong dtype or shape, and ValueError for rows that hide a fixed unit.
    """
    rows = check_keep(keep, query.n_units)
    refused = query.fixed() & ~rows.all(axis=0) if len(rows) else np.zeros(query.n_units, dtype=bool)
    if refused.any():
        why = "the context arm keeps the entity's own units" if query.arm == "context" else (
            f"{query.hiding!r} cannot remove units of a target"
        )  # fmt: skip
        raise ValueError(
            f"keep hides units {np.flatnonzero(refused)[:5].tolist()}, but {why}. Keep them, or ask a query whose "
            "`active` includes them."
        )
    return rows & query.full_row
