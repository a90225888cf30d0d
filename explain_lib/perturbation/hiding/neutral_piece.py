"""Hiding by one ordinary piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explain_lib.models.protocols import Bools, PieceRows, Vocabulary

from .replacing import replaced


@dataclass(frozen=True)
class NeutralPiece:
    """Put one ordinary piece, by default a full stop, in place of each hidden piece."""

    text: str = "."

    keeps_length = True
    draws = 1

    def hide(self, row: PieceRows, keep: Bools, vocabulary: Vocabulary) -> PieceRows:
        """Replace hidden ids; raises ValueError when `text` is not exactly one piece of the tokenizer."""
        return replaced(row, keep, self._id(vocabulary))

    def describe(self, vocabulary: Vocabulary) -> str:
        """Names the piece that stands in."""
        return f"NeutralPiece(piece={vocabulary.name(self._id(vocabulary))!r})"

    def _id(self, vocabulary: Vocabulary) -> int:
        ids: Sequence[int] = vocabulary.ids(self.text)
        if len(ids) == 1 and ids[0] != vocabulary.unk:
            return int(ids[0])
        spelled = vocabulary.pieces().get(self.text)  # for tokenizers that put a blank piece before a mark
        if spelled is None:
            raise ValueError(
                f"NeutralPiece(text={self.text!r}) is {len(ids)} pieces or unknown in this tokenizer; it must be "
                "exactly one known piece. Choose another text, for example '.' or ','."
            )
        return int(spelled)
