"""Taggers: token-classification networks whose tags a decoder reads as spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from explain_lib.core import Prediction, Span, Target

from .family import Family
from .protocols import Encoding, Event, Float32s, Window
from .reach import with_contrast, within
from .tagging import TagDecoder
from .windows import most_central


@dataclass(frozen=True, eq=False)
class Tagger(Family):
    """A tagger that answers the questions of `protocols.Model`, composed of pieces, windows, network and decoder.

    Compact output: logits [positions, tags].
    """

    decoder: TagDecoder

    def __repr__(self) -> str:
        return (
            f"Tagger({self.name!r}, decoder={self.decoder.name!r}, "
            f"label_positions={getattr(self.pieces, 'label_positions', 'own')!r}, "
            f"labels={list(self.labels)}, precision={self.precision!r}, max_pieces={self.plan.limit})"
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity types that a target may carry."""
        return self.decoder.entity_types

    def window_of(self, target: Target, encoding: Encoding, windows: Sequence[Window]) -> int:
        """Index of the window in which a target and its contrast lie most centrally."""
        first, end = self.reach(target, encoding)
        return most_central(windows, first, end - 1, encoding)

    def reach(self, target: Target, encoding: Encoding) -> tuple[int, int]:
        """The label positions (half open) that a target and its contrast occupy in the encoding."""
        return with_contrast(target, encoding)

    def event(self, target: Target, encoding: Encoding, window: Window) -> Event:
        """Translate a target; raises ValueError for an unknown label, and a span that is never reached or returned."""
        first, last = within(target, encoding, window)
        is_right = target.margin == "right" and not self.decoder.has_end_tags
        if is_right and window.positions[0] + last + 1 == len(encoding.labels_at):
            raise ValueError(
                "the span ends where the text ends, so its right boundary has no margin; ask for the left."
            )
        event = self.decoder.event(target, first, last)
        self.decoder.check(event, window.positions[1] - window.positions[0])
        return event

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
