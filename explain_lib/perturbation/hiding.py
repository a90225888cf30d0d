"""Ways of hiding a unit: piece ids in, piece ids out, never a re-tokenised text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from explain_lib.models.protocols import PieceRows, Vocabulary

Bools = npt.NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)


class Hiding(Protocol):
    """How pieces of hidden units are taken away.

    `keeps_length`: rows have the length of the text, so no position moves. `draws`: model rows per keep-row.
    """

    @property
    def keeps_length(self) -> bool:
        """Whether every piece stays at its position."""
        ...

    @property
    def draws(self) -> int:
        """Model rows per keep-row, averaged by `Query.value`."""
        ...

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Hide pieces of one row (`row` has length 1): keep bool[n, length] gives n · draws rows, draws together."""
        ...

    def describe(self, vocabulary: Vocabulary) -> str:
        """The hiding as it acts with this tokenizer, for provenance."""
        ...


@dataclass(frozen=True)
class MaskPiece:
    """Put the mask piece in place of each hidden piece (the unknown piece, then padding, where there is no mask)."""

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids; everything else is unchanged."""
        return _replaced(row, keep, _mask_id(vocabulary))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the piece that stands in."""
        return f"MaskPiece(piece={vocabulary.name(_mask_id(vocabulary))!r})"


@dataclass(frozen=True)
class NeutralPiece:
    """Put one ordinary piece, by default a full stop, in place of each hidden piece."""

    text: str = "."

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids; raises ValueError when `text` is not exactly one piece of the tokenizer."""
        return _replaced(row, keep, self._id(vocabulary))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the piece that stands in."""
        return f"NeutralPiece(piece={vocabulary.name(self._id(vocabulary))!r})"

    def _id(self, vocabulary: Vocabulary) -> int:
        ids: Sequence[int] = vocabulary.ids(self.text)
        if len(ids) != 1 or ids[0] == vocabulary.unk:
            raise ValueError(
                f"NeutralPiece(text={self.text!r}) is {len(ids)} pieces or unknown in this tokenizer; it must be "
                "exactly one known piece. Choose another text, for example '.' or ','."
            )
        return int(ids[0])


@dataclass(frozen=True)
class AttentionOff:
    """Leave the ids alone and let no position attend to hidden pieces."""

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Switch attention to hidden pieces off."""
        n = len(keep)
        return PieceRows(_repeat(row.ids, n), row.attended & keep, _repeat(row.labels_at, n))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Needs nothing of the tokenizer."""
        return "AttentionOff()"


@dataclass(frozen=True)
class Delete:
    """Remove hidden pieces: later pieces move up. Units of a target are never hidden in this way."""

    keeps_length = False
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Drop hidden ids, pad on the right, and follow each label position to its new column (−1 = removed)."""
        n, order = len(keep), np.argsort(~keep, axis=1, kind="stable")
        length = max(int(keep.sum(axis=1).max(initial=1)), 1)
        is_real = np.take_along_axis(keep, order, axis=1)[:, :length]
        ids = np.where(is_real, np.take_along_axis(_repeat(row.ids, n), order, axis=1)[:, :length], vocabulary.pad)
        attended = is_real & np.take_along_axis(_repeat(row.attended, n), order, axis=1)[:, :length]
        columns = row.labels_at[0]
        labels_at = np.where(keep[:, columns], (np.cumsum(keep, axis=1) - 1)[:, columns], -1)
        return PieceRows(ids, attended, labels_at)

    def describe(self, vocabulary: Vocabulary) -> str:
        """Needs nothing of the tokenizer."""
        return "Delete()"


def _mask_id(vocabulary: Vocabulary) -> int:
    if vocabulary.mask is not None:
        return vocabulary.mask
    return vocabulary.unk if vocabulary.unk is not None else vocabulary.pad


def _replaced(row: PieceRows, keep: Bools, fill: int) -> PieceRows:
    n = len(keep)
    return PieceRows(np.where(keep, row.ids, fill), _repeat(row.attended, n), _repeat(row.labels_at, n))


def _repeat(row: npt.NDArray[T], n: int) -> npt.NDArray[T]:
    return np.broadcast_to(row, (n, row.shape[1]))
