"""What a model offers to the rest of the library: pieces in, compact outputs and scores out, no torch in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from explain_lib.core import Prediction, Score, Target

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Float32s = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Tick = Callable[[int, int], None]
"""Called as tick(rows done, rows in all) between batches; raising from it stops the run and keeps what is done."""


@dataclass(frozen=True)
class Vocabulary:
    """The ids that hidings need. `mask` and `unk` are None where the tokenizer has no such piece."""

    mask: int | None
    unk: int | None
    pad: int
    ids: Callable[[str], Sequence[int]]
    """Ids of a short text without special pieces."""
    name: Callable[[int], str] = str
    """The spelling of one piece id."""
    pieces: Callable[[], Mapping[str, int]] = dict
    """Every piece with its id, added and special ones included."""


@dataclass(frozen=True, eq=False)
class Encoding:
    """One text in pieces, without special pieces and before any window is cut.

    Shapes: `ids` int[pieces]; `offsets` int[pieces, 2] characters; `labels_at` int[positions], the piece at which
    each label position is read; `extents` int[positions, 2], the characters that each label position stands for.
    """

    text: str = field(repr=False)  # may be clinical, and a repr ends up in logs
    ids: Ints
    offsets: Ints
    labels_at: Ints
    extents: Ints


@dataclass(frozen=True)
class Window:
    """A stretch of an encoding that the model reads in one go: half-open ranges of pieces and of label positions.

    `owned` is the range of label positions for which this window is the most central one.
    """

    pieces: tuple[int, int]
    positions: tuple[int, int]
    owned: tuple[int, int]


@dataclass(frozen=True, eq=False)
class PieceRows:
    """Model rows.

    Shapes: `ids` int[n, length], special pieces included, padded on the right; `attended` bool[n, length];
    `labels_at` int[n, positions], the column of each label position, −1 where a row has removed it.
    """

    ids: Ints
    attended: Bools
    labels_at: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, rows: slice | Ints) -> PieceRows:
        return PieceRows(self.ids[rows], self.attended[rows], self.labels_at[rows])


@dataclass(frozen=True, eq=False)
class PointGradients:
    """Scores and slopes at points of input-embedding space.

    Shapes: `values` float64[points, targets]; `products` float64[points, targets, length], the gradient at each point
    dotted with a direction, piece by piece.
    """

    values: Floats
    products: Floats


@dataclass(frozen=True, eq=False)
class Attention:
    """What the pieces of one row attend to, in each head of each layer.

    Shapes: `weights` float[layers, heads, length, length], from the piece that looks (row) to the piece that is looked
    at (column); `slopes` yields, for one event after the other, the derivative of its score by each weight.
    `places()` of a classifier: float32[length], the share of each piece in what is read behind the last layer.
    """

    weights: Float32s
    slopes: Iterator[Float32s]
    places: Callable[[], Float32s]


class Event(Protocol):
    """What a family reads off one compact output: a span, a contrast, a margin, a class. Hashable, made by a model."""

    def __hash__(self) -> int: ...


class Model(Protocol):
    """A model with its tokenizer, family and decoder. Implementations never change the wrapped module."""

    @property
    def name(self) -> str:
        """Where the model came from; enters provenance."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that a target may carry."""
        ...

    @property
    def precision(self) -> str:
        """The dtype of forward passes, for provenance."""
        ...

    @property
    def is_exact(self) -> bool:
        """Whether forward passes run in float32 or float64, so that no noise floor has to be measured."""
        ...

    @property
    def vocabulary(self) -> Vocabulary:
        """The ids that hidings need."""
        ...

    @property
    def n_prefix(self) -> int:
        """How many special pieces stand before the text in a row."""
        ...

    def encode(self, text: str) -> Encoding:
        """Cut a text into pieces."""
        ...

    def windows(self, encoding: Encoding) -> tuple[Window, ...]:
        """Plan overlapping windows; a short text gives one, and so does every text under a classifier."""
        ...

    def row(self, encoding: Encoding, window: Window) -> PieceRows:
        """The single unperturbed row of a window."""
        ...

    def iter_outputs(self, rows: PieceRows) -> Iterator[tuple[Ints, Float32s]]:
        """Finished batches as (indices of rows, compact outputs float32[batch, ...]), in any order.

        Taggers: logits [positions, tags] at label positions; span models: [positions, width, labels]; both NaN where a
        position was removed. Classifiers: [labels]. The first axis of an output that has several is label positions.
        A caller that stops between batches keeps what it has; no batch should take more than about half a second on a
        laptop.
        """
        ...

    def exact_outputs(self, rows: PieceRows) -> Float32s:
        """Compact outputs of a few rows in float32 whatever the precision: the reference of the noise floor."""
        ...

    def event(self, target: Target, encoding: Encoding, window: Window) -> Event:
        """Translate a target; raises ValueError for an unknown label or an unreachable span."""
        ...

    def window_of(self, target: Target, encoding: Encoding, windows: Sequence[Window]) -> int:
        """Index of the window in which a target lies most centrally; refuses a target longer than a window."""
        ...

    def reach(self, target: Target, encoding: Encoding) -> tuple[int, int]:
        """The label positions (half open) that a target and its contrast occupy; (0, 0) for the document as a whole."""
        ...

    def score(self, outputs: Float32s, events: Sequence[Event], score: Score) -> Floats:
        """float64[n, events]: the chosen score of each event in each row."""
        ...

    def decode(self, outputs: Sequence[Float32s], windows: Sequence[Window], encoding: Encoding) -> Prediction:
        """The decoder's answer, one compact output per window of the text."""
        ...

    def embeddings(self, ids: Ints) -> Float32s:
        """float[n, length, width]: the input embeddings of piece ids int[n, length], float64 where the model is."""
        ...

    def points_at_once(self, row: PieceRows) -> int:
        """How many points `gradients` and `values_at` should be given at a time, so that memory stays bounded."""
        ...

    def values_at(self, row: PieceRows, points: Floats, events: Sequence[Event], score: Score) -> Floats:
        """float64[points, events]: scores with `points` float[points, length, width] for the row's embeddings."""
        ...

    def gradients(
        self, row: PieceRows, points: Floats, directions: Floats, events: Sequence[Event], score: Score
    ) -> PointGradients:
        """Scores at `points` and their slopes along `directions` float[points or 1, length, width].

        In float32 (float64 models: float64) whatever forward passes run in; one forward pass serves all events.
        """
        ...

    def attention(self, row: PieceRows, events: Sequence[Event], score: Score) -> Attention:
        """Attention weights of one row in float32, and their slopes for each event; no events, no gradients.

        Raises TypeError for a model that offers no attention weights.
        """
        ...


@runtime_checkable
class Randomizable(Protocol):
    """A model that can be copied with random weights, for controls."""

    @property
    def parameter_bytes(self) -> int:
        """The memory that the copy takes."""
        ...

    def randomized(self, rng: int) -> Model:
        """The same model with weights drawn anew; the model itself is not changed."""
        ...


@runtime_checkable
class Steep(Protocol):
    """A model that gives whole gradients, for distances in the space of its input embeddings."""

    def slopes(self, row: PieceRows, point: Floats, events: Sequence[Event], score: Score) -> Floats:
        """float64[targets, length, width]: the gradient of each score at `point` float[length, width]."""
        ...


@runtime_checkable
class Layered(Protocol):
    """A model that shows the states between its layers."""

    @property
    def n_layers(self) -> int:
        """The number of layers; 0 where only the input embeddings can be seen."""
        ...

    def hidden_states(self, rows: PieceRows, layer: int) -> Float32s:
        """float[n, length, width]: the states of all pieces behind a layer; 0 is what enters the first one."""
        ...

    def hidden_gradients(self, row: PieceRows, layer: int, events: Sequence[Event], score: Score) -> Floats:
        """float64[targets, length, width]: the gradient of each score of one row along those states."""
        ...


@runtime_checkable
class Disturbable(Protocol):
    """A model with views of it whose forward pass is disturbed, in a way that a seed fixes; nothing is copied."""

    def with_embedding_noise(self, radius: float, seed: int, is_uniform: bool = False) -> Model:
        """Noise on every input embedding, by column of the row: its mean length is `radius` times an embedding's."""
        ...

    def dropout_view(self, seed: int, share: float | None = None) -> Model:
        """Dropout that drops the same in every row, by column and feature; TypeError where nothing would be dropped."""
        ...
