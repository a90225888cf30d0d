"""Batches of sequences of like length, bounded by the number of pieces that a batch holds once padded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

POOL = 50
"""Batches that are sorted together: enough for little padding, few enough for varied batches."""


def batch_indices(lengths: Sequence[int], max_pieces: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Indices of one pass over the sequences, shuffled, in batches of at most `max_pieces` padded pieces.

    A sequence longer than `max_pieces` is a batch of its own.
    """
    order = rng.permutation(len(lengths))
    per_pool = max(1, round(POOL * max_pieces / max(1.0, float(np.mean(lengths)))))
    for first in range(0, len(order), per_pool):
        pool = sorted(order[first : first + per_pool], key=lambda i: lengths[i])
        batches = list(_cut(pool, lengths, max_pieces))
        for i in rng.permutation(len(batches)):
            yield batches[i]


def _cut(ordered: Sequence[int], lengths: Sequence[int], max_pieces: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for i in ordered:  # ascending, so the newcomer is the longest
        if batch and (len(batch) + 1) * lengths[i] > max_pieces:
            yield batch
            batch = []
        batch.append(int(i))
    if batch:
        yield batch


def pad(rows: Sequence[Sequence[int]], filler: int) -> Tensor:
    """int64[rows, longest] with `filler` on the right."""
    longest = max(len(row) for row in rows)
    return torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows], dtype=torch.int64)
