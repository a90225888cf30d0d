"""Taggers: token-classification networks whose tags a decoder reads as spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch

from explain_lib.core import Longer, Prediction, Score, Span, Target

from .network import Network
from .pieces import Pieces
from .protocols import Encoding, Event, Floats, Float32s, Ints, PathGradients, PieceRows, Vocabulary, Window
from .reach import reachable
from .runner import Runner
from .tagging import TagDecoder, TagEvent
from .windows import WindowPlan, most_central


@dataclass(frozen=True, eq=False)
class Tagger:
    """A tagger that answers the questions of `protocols.Model`, composed of pieces, windows, network and decoder."""

    name: str
    network: Network
    pieces: Pieces
    decoder: TagDecoder
    plan: WindowPlan
    runner: Runner

    def __repr__(self) -> str:
        return (
            f"Tagger({self.name!r}, decoder={self.decoder.name!r}, label_positions={self.pieces.label_positions!r}, "
            f"labels={list(self.labels)}, precision={self.precision!r}, max_pieces={self.plan.limit})"
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity types that a target may carry."""
        return self.decoder.entity_types

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
        """Finished batches as (indices of rows, logits float32[batch, positions, tags])."""
        return self.runner.iter_outputs(self.network, rows)

    def exact_outputs(self, rows: PieceRows) -> Float32s:
        """Logits of a few rows in float32 whatever the precision."""
        return self.network.exact_outputs(rows)

    def window_of(self, target: Target, encoding: Encoding, windows: Sequence[Window]) -> int:
        """Index of the window in which a target and its contrast lie most centrally."""
        first, end = self.reach(target, encoding)
        return most_central(windows, first, end - 1, encoding)

    def reach(self, target: Target, encoding: Encoding) -> tuple[int, int]:
        """The label positions (half open) that a target and its contrast occupy in the encoding."""
        first, last = reachable(target, encoding)
        if isinstance(target.versus, Longer):
            other = first - target.versus.left, last + target.versus.right
            if other[0] < 0 or other[1] >= len(encoding.labels_at) or other[0] > other[1]:
                raise ValueError(
                    f"the contrast {target.versus} of span {target.span and target.span.start}–"
                    f"{target.span and target.span.end} leaves the text or is empty; move the ends by less."
                )
            first, last = min(first, other[0]), max(last, other[1])
        return first, last + 1

    def event(self, target: Target, encoding: Encoding, window: Window) -> Event:
        """Translate a target; raises ValueError for an unknown label or an unreachable span."""
        first, last = reachable(target, encoding)
        if target.margin == "right" and last + 1 == len(encoding.labels_at):
            raise ValueError(
                "the span ends where the text ends, so its right boundary has no margin; ask for the left."
            )
        low, high = window.positions
        if not low <= first <= last < high:
            raise ValueError(
                f"the target's label positions {first}–{last + 1} leave the window, which holds {low}–{high}; "
                "choose the window with window_of."
            )
        return self.decoder.event(target, first - low, last - low)

    def score(self, outputs: Float32s, events: Sequence[Event], score: Score) -> Floats:
        """float64[n, events]: the chosen score of each event in each row."""
        logits = torch.as_tensor(np.asarray(outputs, dtype=np.float64))
        scores: Floats = self.decoder.scores(logits, cast(Sequence[TagEvent], events), score).numpy()
        return scores

    def decode(self, outputs: Sequence[Float32s], windows: Sequence[Window], encoding: Encoding) -> Prediction:
        """Spans with confidences from one output [positions, tags] per window; each position is read by its owner."""
        if not len(encoding.labels_at):
            return Prediction()
        owned = [
            logits[w.owned[0] - w.positions[0] : w.owned[1] - w.positions[0]]
            for logits, w in zip(outputs, windows, strict=True)
        ]
        found = self.decoder.decode(torch.as_tensor(np.concatenate(owned)))
        spans = [
            Span(int(encoding.extents[first, 0]), int(encoding.extents[last, 1]), label)
            for first, last, label, _ in found
        ]
        return Prediction(tuple(spans), np.exp([log_p for *_, log_p in found]))

    def gradients(
        self, row: PieceRows, baseline: Ints | None, alphas: Floats, events: Sequence[Event], score: Score
    ) -> PathGradients:
        """Gradients of event scores at baseline + alpha · (input − baseline), in float32."""
        chosen = cast(Sequence[TagEvent], events)
        return self.network.gradients(row, baseline, alphas, lambda logits: self.decoder.scores(logits, chosen, score))
