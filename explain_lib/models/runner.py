"""Running rows through a network: sorted by length, cut into batches by a piece budget, yielded as they finish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from .network import Network
from .protocols import Float32s, Ints, PieceRows

Part = TypeVar("Part")
# A batch of 4096 pieces takes 0.15 s (bfloat16) to 0.5 s (float32) on two cores with 10.6 M weights in the encoder, and
# larger ones are no faster there; a GPU wants many more.
_PIECES_TIMES_WEIGHTS = {"cpu": 4096 * 10_600_000, "cuda": 1 << 41}
_NO_MEMORY = ("can't allocate memory", "not enough memory")  # how the CPU allocator says it, on Windows the second
_ALL = 1 << 62
_LEAST, _MOST = 512, {"cpu": 1 << 14, "cuda": 1 << 18}
_LONG_RUN = 16  # batches: shorter runs gain nothing from larger ones
_TRIALS, _GAIN, _SECONDS = 3, 1.05, 0.5


@dataclass
class PieceBudget:
    """How many pieces go into a batch: the only thing that a run learns.

    It starts at a size that is sound for the network. In long runs it is doubled, up to `most`, as long as batches get
    5 % faster per piece (the best of three, so that a first slow one does not count) and take under half a second: the
    rows of the run itself are the trial, so that trying costs nothing. It is halved when memory runs out, and then
    stays; also where the quickest of three batches takes over half a second, since a reader cannot cancel in between.
    Never tried where batches have a fixed number of rows.
    """

    pieces: int
    most: int = 0
    is_settled: bool = False
    _before: tuple[int, float] = (0, 0.0)
    _speeds: list[float] = field(default_factory=list, repr=False)

    def learn(self, pieces: int, seconds: float) -> None:
        """Note that a batch of so many pieces took so long, and double or settle when enough is known."""
        if pieces < 0.8 * self.pieces:
            return
        self._speeds.append(pieces / max(seconds, 1e-9))
        if len(self._speeds) < _TRIALS:
            return
        speed, self._speeds = max(self._speeds), []
        if self.pieces / speed > _SECONDS and self.pieces > _LEAST:
            self.halve(self.pieces)
        elif self.is_settled:
            return
        elif speed < _GAIN * self._before[1]:
            self.pieces, self.is_settled = self._before[0], True
        elif 2 * self.pieces > self.most or self.pieces / speed > _SECONDS / 2:
            self.is_settled = True
        else:
            self._before, self.pieces = (self.pieces, speed), 2 * self.pieces

    def halve(self, pieces: int) -> None:
        """Remember that a batch of so many pieces is too large."""
        self.pieces, self.is_settled = pieces // 2, True

    def shrink(self, pieces: int, n_rows: int, error: RuntimeError) -> None:
        """Halve after a batch that was out of memory; raises any other error again, and that of a single row."""
        is_memory = isinstance(error, torch.OutOfMemoryError) or any(sign in str(error) for sign in _NO_MEMORY)
        if not is_memory or n_rows == 1:
            raise error
        self.halve(pieces)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


@dataclass(frozen=True)
class Runner:
    """How rows are batched: up to `budget` pieces in a batch, or exactly `batch_rows` rows of one length if given.

    With `batch_rows` every batch has the same shape for rows of one kind (as many pieces, as many label positions),
    filled up by repeating rows, and attention is computed unfused, so that a row's result does not depend on its
    company. (Fused attention on several CPU threads rounds by where in the batch a row stands: its scratch memory of
    each thread is aligned differently.)

    `graphs` bounds the pieces of passes that keep what a backward pass needs, once one was out of memory.
    """

    budget: PieceBudget = field(default_factory=lambda: PieceBudget(4096))
    batch_rows: int | None = None
    graphs: PieceBudget = field(default_factory=lambda: PieceBudget(_ALL))

    @classmethod
    def of(cls, network: Network, batch_rows: int | None = None) -> Runner:
        """A runner whose batches take at most about half a second: fewer pieces for larger networks."""
        if batch_rows is not None and batch_rows < 1:
            raise ValueError(f"batch_rows is {batch_rows}; it must be at least 1.")
        kind = "cpu" if network.device.type == "cpu" else "cuda"
        pieces = _PIECES_TIMES_WEIGHTS[kind] // max(network.n_encoder_weights, 1)
        return cls(PieceBudget(int(np.clip(pieces, _LEAST, _MOST[kind])), _MOST[kind]), batch_rows)

    def iter_outputs(self, network: Network, rows: PieceRows) -> Iterator[tuple[Ints, Float32s]]:
        """Finished batches as (indices of rows, logits float32[batch, positions, tags]), short rows first."""
        lengths = used_lengths(rows)
        kinds = lengths if self.batch_rows is None else lengths * (rows.labels_at.shape[1] + 1) + used_positions(rows)
        waiting = np.argsort(kinds, kind="stable")
        is_trial = self.batch_rows is None and int(lengths.sum()) >= _LONG_RUN * self.budget.pieces
        while len(waiting):
            chosen = waiting[: self._batch_size(kinds[waiting])]
            length, start = int(lengths[chosen[-1]]), time.perf_counter()
            try:
                outputs = self._run(network, rows, chosen, length)
            except RuntimeError as error:
                if self.batch_rows is not None:
                    raise
                self.budget.shrink(len(chosen) * length, len(chosen), error)
                continue
            if is_trial:
                self.budget.learn(len(chosen) * length, time.perf_counter() - start)
            yield chosen, outputs
            waiting = waiting[len(chosen) :]

    def in_parts(self, n: int, length: int, run: Callable[[slice], Part]) -> list[Part]:
        """`run` for n points of one length, in as few parts as memory allows, which is remembered."""
        parts: list[Part] = []
        done = 0
        while done < n:
            size = min(n - done, self.points(length))
            try:
                parts.append(run(slice(done, done + size)))
            except RuntimeError as error:
                self.graphs.shrink(size * length, size, error)
                continue
            done += size
        return parts

    def points(self, length: int) -> int:
        """How many points of one length memory is known to allow in one pass that keeps a graph."""
        return max(1, self.graphs.pieces // length)

    def _batch_size(self, kinds: Ints) -> int:
        """How many of the waiting rows go next: of one kind with `batch_rows`, else kinds are lengths, short first."""
        if self.batch_rows is not None:
            return min(self.batch_rows, int(np.searchsorted(kinds, kinds[0], side="right")))
        pieces = kinds * np.arange(1, len(kinds) + 1)
        return max(1, int(np.searchsorted(pieces, self.budget.pieces, side="right")))

    def _run(self, network: Network, rows: PieceRows, chosen: Ints, length: int) -> Float32s:
        if self.batch_rows is None:
            return network.outputs(trimmed(rows, chosen, length), chosen)
        filled, n_positions = np.resize(chosen, self.batch_rows), rows.labels_at.shape[1]
        part = trimmed(rows, filled, length)
        width = max(1, int(used_positions(part)[0]))  # heads on pairs of positions round by how many there are
        with sdpa_kernel(SDPBackend.MATH):
            outputs = network.outputs(PieceRows(part.ids, part.attended, part.labels_at[:, :width]), filled)
        outputs = outputs[: len(chosen)]
        if outputs.ndim < 3 or width >= n_positions:
            return outputs
        absent = np.full((len(outputs), n_positions - width, *outputs.shape[2:]), np.nan, outputs.dtype)
        return np.concatenate([outputs, absent], axis=1)


def used_lengths(rows: PieceRows) -> Ints:
    """int[n]: columns up to the last one that is attended or read."""
    columns = np.arange(rows.ids.shape[1]) + 1
    attended: Ints = (rows.attended * columns).max(axis=1, initial=1)
    read: Ints = rows.labels_at.max(axis=1, initial=0) + 1
    return np.maximum(attended, read)


def used_positions(rows: PieceRows) -> Ints:
    """int[n]: label positions up to the last one that is read."""
    used: Ints = ((rows.labels_at >= 0) * (np.arange(rows.labels_at.shape[1]) + 1)).max(axis=1, initial=0)
    return used


def trimmed(rows: PieceRows, chosen: Ints, length: int) -> PieceRows:
    """The chosen rows, cut to `length` columns."""
    return PieceRows(rows.ids[chosen, :length], rows.attended[chosen, :length], rows.labels_at[chosen])
