"""What a masked language model offers to the rest of the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .protocols import Bools, Floats, Ints, PieceRows


class FillInModel(Protocol):
    """A masked language model: writes pieces in place of hidden ones."""

    @property
    def name(self) -> str:
        """Where the model came from; enters provenance."""
        ...

    @property
    def pieces(self) -> Mapping[str, int]:
        """Every piece of its tokenizer with its id."""
        ...

    def fill_in(self, row: PieceRows, hidden: Bools, uniforms: Floats) -> Ints:
        """int[n, draws, length]: the ids of one row (of length 1), with drawn ones where hidden bool[n, length].

        All hidden pieces are masked at once; `uniforms` float64[draws, length] in [0, 1] pick from the softmax at each.
        What is written for a row of `hidden` depends on nothing else than that row.
        """
        ...

    def likeliest(self, rows: PieceRows, hidden: Bools, n: int) -> tuple[Ints, Floats]:
        """The `n` likeliest pieces at each hidden place and their log-probabilities, each [places, n], likeliest first.

        Places are those where hidden bool[rows, length], row by row; one row of `rows` stands for all. Special pieces
        are never among them.
        """
        ...

    def log_probs(self, rows: PieceRows, hidden: Bools) -> Floats:
        """float64[places]: the log-probability of the piece that stands at each hidden place; places as above."""
        ...
