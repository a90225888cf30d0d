"""A way of hiding a unit: piece ids in, piece ids out, never a re-tokenised text."""

from __future__ import annotations

from typing import Protocol

from explain_lib.models.protocols import Bools, PieceRows, Vocabulary


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
