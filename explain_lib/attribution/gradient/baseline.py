"""What a gradient method puts in place of hidden pieces: the far end of its path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.models.protocols import PieceRows, Vocabulary
from explain_lib.perturbation.hiding import AttentionOff, MaskPiece, NeutralPiece

if TYPE_CHECKING:
    from explain_lib.models.protocols import Window
    from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ZeroEmbedding:
    """The embedding of all zeros in place of each hidden piece: a vector that stands for no piece at all."""


@dataclass(frozen=True)
class PadPiece:
    """The padding piece, attended like any other, in place of each hidden piece."""

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids; everything else is unchanged."""
        shape = keep.shape
        return PieceRows(
            np.where(keep, row.ids, vocabulary.pad),
            np.broadcast_to(row.attended, shape),
            np.broadcast_to(row.labels_at, (len(keep), row.labels_at.shape[1])),
        )

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the piece that stands in."""
        return f"PadPiece(piece={vocabulary.name(vocabulary.pad)!r})"


Baseline = MaskPiece | NeutralPiece | PadPiece | ZeroEmbedding


def check_baseline(baseline: object) -> None:
    """Raise TypeError for what is no baseline, such as a hiding that puts no piece in place."""
    if baseline is not None and not isinstance(baseline, Baseline):
        raise TypeError(
            f"baseline is {baseline!r}; allowed are MaskPiece(), NeutralPiece(text), PadPiece(), ZeroEmbedding() and "
            "None, the stand-in of the query's own hiding."
        )


def hidden_ids(
    query: Query, window: Window, stand_in: MaskPiece | NeutralPiece | PadPiece | None = None
) -> npt.NDArray[np.int64]:
    """int[length]: the ids of a window with a stand-in for every active unit; special pieces and other units stay.

    By default the stand-in of the query's hiding, or the mask piece where that puts no piece in place.
    """
    if stand_in is None:
        stand_in = query.hiding if isinstance(query.hiding, MaskPiece | NeutralPiece) else MaskPiece()
    at = query.evaluations.windows.index(window)
    hidden = query.evaluations.rows(at, ~query.active[None], stand_in).ids[0]
    return np.asarray(np.where(is_hidden(query, window), hidden, query.row(at).ids[0]))


def is_hidden(query: Query, window: Window) -> Bools:
    """bool[length]: the columns of a window's row that belong to active units."""
    at = query.evaluations.windows.index(window)
    row = query.evaluations.rows(at, ~query.active[None], AttentionOff())
    return np.asarray(~row.attended[0])
