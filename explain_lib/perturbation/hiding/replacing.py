"""Rows that differ from one row at hidden pieces only."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from explain_lib.models.protocols import Bools, PieceRows

T = TypeVar("T", bound=np.generic)


def replaced(row: PieceRows, keep: Bools, fill: int) -> PieceRows:
    """The row once for each keep bool[n, length], with `fill` in place of what is not kept."""
    n = len(keep)
    return PieceRows(np.where(keep, row.ids, fill), repeat(row.attended, n), repeat(row.labels_at, n))


def repeat(row: npt.NDArray[T], n: int) -> npt.NDArray[T]:
    """The row n times, without copying it."""
    return np.broadcast_to(row, (n, row.shape[1]))
