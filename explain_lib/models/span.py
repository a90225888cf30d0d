"""Span models: networks that score every span up to a width at once, so that entities may nest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import expit

from explain_lib.core import Prediction, Span, Target

from .family import Family
from .protocols import Encoding, Event, Float32s, Window
from .reach import with_contrast, within
from .span_decoder import REACH, Cell, Found, SpanDecoder
from .windows import most_central


@dataclass(frozen=True, eq=False)
class SpanTagger(Family):
    """A span model that answers the questions of `protocols.Model`.

    Compact output: logits [positions, width, labels]. In a long text every span is read in the window where it lies
    most centrally, for `predict` and for targets alike. Where Delete has removed label positions, a span over the gap
    counts them in its width.
    """

    decoder: SpanDecoder

    def __repr__(self) -> str:
        return (
            f"SpanTagger({self.name!r}, decoder={self.decoder.name!r}, width={self.decoder.width}, "
            f"label_positions={getattr(self.pieces, 'label_positions', 'own')!r}, labels={list(self.labels)}, "
            f"precision={self.precision!r}, max_pieces={self.plan.limit})"
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """The entity types that a target may carry."""
        return self.decoder.entity_types

    def window_of(self, target: Target, encoding: Encoding, windows: Sequence[Window]) -> int:
        """Index of the window in which a target, its contrast and its neighbours lie most centrally."""
        first, end = self.reach(target, encoding)
        return most_central(windows, first, end - 1, encoding, beside=0)

    def reach(self, target: Target, encoding: Encoding) -> tuple[int, int]:
        """The label positions (half open) of a target and its contrast; a margin takes in the ends it looks at."""
        first, end = with_contrast(target, encoding)
        if target.margin == "left":
            first = max(first - REACH, 0)
        elif target.margin == "right":
            end = min(end + REACH, len(encoding.labels_at))
        return first, end

    def event(self, target: Target, encoding: Encoding, window: Window) -> Event:
        """Translate a target; raises ValueError for an unknown label, an unreachable span and one over the width."""
        n_positions = window.positions[1] - window.positions[0]
        return self.decoder.event(target, *within(target, encoding, window), n_positions)

    def decode(self, outputs: Sequence[Float32s], windows: Sequence[Window], encoding: Encoding) -> Prediction:
        """Entities with confidences from one output [positions, width, labels] per window."""
        found = [
            Found(cell, log_odds)
            for at, (logits, window) in enumerate(zip(outputs, windows, strict=True))
            for cell, log_odds in self._found(logits, window)
            if len(windows) == 1 or most_central(windows, cell.first, cell.last, encoding, beside=0) == at
        ]
        settled = self.decoder.settle(found)
        spans = [
            Span(int(encoding.extents[c.first, 0]), int(encoding.extents[c.last, 1]), self.decoder.labels[c.label])
            for c, _ in settled
        ]
        return Prediction(tuple(spans), expit([log_odds for _, log_odds in settled]))

    def _found(self, logits: Float32s, window: Window) -> list[Found]:
        """The entities of one window, in label positions of the text."""
        low, high = window.positions
        here = self.decoder.find(logits[: high - low])
        return [Found(Cell(c.first + low, c.last + low, c.label), log_odds) for c, log_odds in here]
