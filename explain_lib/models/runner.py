"""Running rows through a network: sorted by length, cut into batches by a piece budget, yielded as they finish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .network import Network
from .protocols import Float32s, Ints, PieceRows


@dataclass(frozen=True)
class Runner:
    """How rows are batched: about `piece_budget` pieces in a batch, or exactly `batch_rows` rows if that is given."""

    piece_budget: int = 4096
    batch_rows: int | None = None

    def iter_outputs(self, network: Network, rows: PieceRows) -> Iterator[tuple[Ints, Float32s]]:
        """Finished batches as (indices of rows, logits float32[batch, positions, tags])."""
        lengths = used_lengths(rows)
        order = np.argsort(lengths, kind="stable")
        at = 0
        while at < len(order):
            n = self.batch_rows or max(1, self.piece_budget // max(int(lengths[order[at]]), 1))
            chosen = order[at : at + n]
            yield chosen, network.outputs(trimmed(rows, chosen, int(lengths[chosen].max())))
            at += n


def used_lengths(rows: PieceRows) -> Ints:
    """int[n]: columns up to the last one that is attended or read."""
    columns = np.arange(rows.ids.shape[1]) + 1
    attended: Ints = (rows.attended * columns).max(axis=1, initial=1)
    read: Ints = rows.labels_at.max(axis=1, initial=0) + 1
    return np.maximum(attended, read)


def trimmed(rows: PieceRows, chosen: Ints, length: int) -> PieceRows:
    """The chosen rows, cut to `length` columns."""
    return PieceRows(rows.ids[chosen, :length], rows.attended[chosen, :length], rows.labels_at[chosen])
