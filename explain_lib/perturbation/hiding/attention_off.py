"""Hiding by not attending."""

from __future__ import annotations

from dataclasses import dataclass

from explain_lib.models.protocols import Bools, PieceRows, Vocabulary

from .replacing import repeat


@dataclass(frozen=True)
class AttentionOff:
    """Leave the ids alone and let no position attend to hidden pieces."""

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Switch attention to hidden pieces off."""
        n = len(keep)
        return PieceRows(repeat(row.ids, n), row.attended & keep, repeat(row.labels_at, n))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Needs nothing of the tokenizer."""
        return "AttentionOff()"
