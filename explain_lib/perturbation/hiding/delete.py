"""Hiding by taking pieces out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.models.protocols import Bools, PieceRows, Vocabulary

from .replacing import repeat


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
        ids = np.where(is_real, np.take_along_axis(repeat(row.ids, n), order, axis=1)[:, :length], vocabulary.pad)
        attended = is_real & np.take_along_axis(repeat(row.attended, n), order, axis=1)[:, :length]
        columns = row.labels_at[0]
        labels_at = np.where(keep[:, columns], (np.cumsum(keep, axis=1) - 1)[:, columns], -1)
        return PieceRows(ids, attended, labels_at)

    def describe(self, vocabulary: Vocabulary) -> str:
        """Needs nothing of the tokenizer."""
        return "Delete()"
