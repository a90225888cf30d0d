"""Hiding by the mask piece."""

from __future__ import annotations

from dataclasses import dataclass

from explain_lib.models.protocols import Bools, PieceRows, Vocabulary

from .replacing import replaced


@dataclass(frozen=True)
class MaskPiece:
    """Put the mask piece in place of each hidden piece (the unknown piece, then padding, where there is no mask)."""

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids; everything else is unchanged."""
        return replaced(row, keep, _mask_id(vocabulary))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the piece that stands in."""
        return f"MaskPiece(piece={vocabulary.name(_mask_id(vocabulary))!r})"


def _mask_id(vocabulary: Vocabulary) -> int:
    if vocabulary.mask is not None:
        return vocabulary.mask
    return vocabulary.unk if vocabulary.unk is not None else vocabulary.pad
