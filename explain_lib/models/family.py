"""What all families of torch models share: pieces, windows and a network under one decoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
import torch
from torch import Tensor

from explain_lib.core import Score

from .attention import attention
from .gradients import embeddings, point_gradients, point_slopes, point_values, points_at_once
from .hidden_states import hidden_gradients, hidden_states, n_layers
from .network import Network
from .noisy import dropout_view, with_embedding_noise
from .protocols import Attention, Encoding, Event, Floats, Float32s, Ints, PieceRows, PointGradients, Vocabulary, Window
from .randomized import parameter_bytes, randomized
from .runner import Runner
from .windows import WindowPlan


class TextCutter(Protocol):
    """Cuts texts into pieces; `Pieces` does it with a Hugging Face tokenizer, any other cutter will do."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The ids that hidings need."""
        ...

    @property
    def prefix(self) -> tuple[int, ...]:
        """Ids that stand before every text."""
        ...

    @property
    def suffix(self) -> tuple[int, ...]:
        """Ids that stand after every text."""
        ...

    def encode(self, text: str) -> Encoding:
        """Cut a text into pieces, without the special ones."""
        ...


class Decoder(Protocol):
    """Reads answers off compact outputs and scores the event that it gives exactly one answer."""

    @property
    def name(self) -> str:
        """How the decoder is written in provenance and in config.json."""
        ...

    def scores(self, outputs: Tensor, events: Sequence[Any], score: Score) -> Tensor:
        """float64[n, events] from compact outputs float64[n, ...]; differentiable."""
        ...


@dataclass(frozen=True, eq=False)
class Family:
    """Everything of `protocols.Model` that does not depend on what a target is.

    A family adds `labels`, `reach`, `window_of`, `event` and `decode`.
    """

    name: str
    network: Network
    pieces: TextCutter
    decoder: Decoder
    plan: WindowPlan
    runner: Runner

    @property
    def precision(self) -> str:
        """The dtype of forward passes."""
        return str(self.network.dtype).removeprefix("torch.")

    @property
    def is_exact(self) -> bool:
        """Whether forward passes run in float32 or float64."""
        return self.network.is_exact

    @property
    def vocabulary(self) -> Vocabulary:
        """The ids that hidings need."""
        return self.pieces.vocabulary

    @property
    def n_prefix(self) -> int:
        """How many special pieces stand before the text in a row."""
        return len(self.pieces.prefix)

    def encode(self, text: str) -> Encoding:
        """Cut a text into pieces."""
        return self.pieces.encode(text)

    def windows(self, encoding: Encoding) -> tuple[Window, ...]:
        """Plan overlapping windows; a short text gives one."""
        return self.plan.windows(encoding)

    def row(self, encoding: Encoding, window: Window) -> PieceRows:
        """The single unperturbed row of a window."""
        start, end = window.pieces
        ids = np.concatenate([self.pieces.prefix, encoding.ids[start:end], self.pieces.suffix]).astype(np.int64)
        labels_at = encoding.labels_at[slice(*window.positions)] - start + self.n_prefix
        return PieceRows(ids[None], np.ones((1, len(ids)), dtype=bool), labels_at[None])

    def iter_outputs(self, rows: PieceRows) -> Iterator[tuple[Ints, Float32s]]:
        """Finished batches as (indices of rows, compact outputs float32[batch, ...])."""
        return self.runner.iter_outputs(self.network, rows)

    def exact_outputs(self, rows: PieceRows) -> Float32s:
        """Compact outputs of a few rows in float32 whatever the precision."""
        return self.network.exact_outputs(rows)

    def randomized(self, rng: int) -> Self:
        """The same model with random weights, in a copy of `parameter_bytes` bytes."""
        return replace(self, name=f"{self.name}, weights randomised", network=randomized(self.network, rng))

    def with_embedding_noise(self, radius: float, seed: int, is_uniform: bool = False) -> Self:
        """The same model with fixed noise on its input embeddings; weights are shared."""
        name = f"{self.name}, embedding noise {radius:g}, seed {seed}"
        return replace(self, name=name, network=with_embedding_noise(self.network, radius, seed, is_uniform))

    def dropout_view(self, seed: int, share: float | None = None) -> Self:
        """The same model with a fixed pattern of dropout; weights are shared. TypeError where nothing is dropped."""
        return replace(self, name=f"{self.name}, dropout {seed}", network=dropout_view(self.network, seed, share))

    @property
    def parameter_bytes(self) -> int:
        """The memory that `randomized` takes."""
        return parameter_bytes(self.network)

    def score(self, outputs: Float32s, events: Sequence[Event], score: Score) -> Floats:
        """float64[n, events]: the chosen score of each event in each row."""
        values = torch.as_tensor(np.asarray(outputs, dtype=np.float64))
        scores: Floats = self.decoder.scores(values, events, score).numpy()
        return scores

    def embeddings(self, ids: Ints) -> Float32s:
        """float[n, length, width]: the input embeddings of piece ids int[n, length]."""
        return embeddings(self.network, ids)

    def points_at_once(self, row: PieceRows) -> int:
        """How many points `gradients` and `values_at` should be given at a time."""
        length = row.ids.shape[1]
        return min(points_at_once(self.network, length), self.runner.points(length))

    def values_at(self, row: PieceRows, points: Floats, events: Sequence[Event], score: Score) -> Floats:
        """float64[points, events]: scores with `points` for input embeddings, in float32."""
        scores = lambda outs: self.decoder.scores(outs, events, score)  # noqa: E731
        run = lambda part: point_values(self.network, row, points[part], scores)  # noqa: E731
        return np.concatenate(self.runner.in_parts(len(points), row.ids.shape[1], run))

    def gradients(
        self, row: PieceRows, points: Floats, directions: Floats, events: Sequence[Event], score: Score
    ) -> PointGradients:
        """Scores at points of embedding space and their slopes along directions, in float32."""
        scores = lambda outs: self.decoder.scores(outs, events, score)  # noqa: E731

        def run(part: slice) -> PointGradients:
            along = directions if len(directions) == 1 else directions[part]
            return point_gradients(self.network, row, points[part], along, scores)

        parts = self.runner.in_parts(len(points), row.ids.shape[1], run)
        return PointGradients(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("values", "products")))

    def slopes(self, row: PieceRows, point: Floats, events: Sequence[Event], score: Score) -> Floats:
        """float64[targets, length, width]: the gradient of each score at one point of embedding space, in float32."""
        return point_slopes(self.network, row, point, lambda outs: self.decoder.scores(outs, events, score))

    @property
    def n_layers(self) -> int:
        """The number of layers; 0 where only the input embeddings can be seen."""
        return n_layers(self.network)

    def hidden_states(self, rows: PieceRows, layer: int) -> Float32s:
        """float[n, length, width]: the states of all pieces behind a layer, in float32; 0 is what enters the first."""
        run = lambda part: hidden_states(self.network, rows[part], layer)  # noqa: E731
        return np.concatenate(self.runner.in_parts(len(rows), rows.ids.shape[1], run))

    def hidden_gradients(self, row: PieceRows, layer: int, events: Sequence[Event], score: Score) -> Floats:
        """float64[targets, length, width]: the gradient of each score of one row along those states."""
        return hidden_gradients(self.network, row, layer, lambda outs: self.decoder.scores(outs, events, score))

    def attention(self, row: PieceRows, events: Sequence[Event], score: Score) -> Attention:
        """Attention weights of one row in float32, and their slopes for each event; no events, no gradients."""
        scores = lambda outs: self.decoder.scores(outs, events, score)  # noqa: E731
        return attention(self.network, row, scores if events else None)
