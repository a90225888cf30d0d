"""What became of an entity in a prediction: kept, an end moved, another type, or gone."""

from __future__ import annotations

from dataclasses import dataclass

from explain_lib.core import Prediction, Span


@dataclass(frozen=True)
class Fate:
    """What a prediction says about an entity that was at `span` before.

    `now` is the predicted span that answers it, None if none does: of those that overlap it, the one with its type
    before others, then the one that shares most, then the first.
    """

    span: Span
    now: Span | None

    @classmethod
    def of(cls, span: Span, prediction: Prediction) -> Fate:
        """Look an entity up in a prediction of the same text."""
        near = [found for found in prediction.spans if found.overlaps(span)]
        return cls(span, max(near, key=lambda found: (found.label == span.label, _shared(found, span)), default=None))

    @property
    def keeps_type(self) -> bool:
        """Whether an entity of this type is still found there."""
        return self.now is not None and self.now.label == self.span.label

    @property
    def moved(self) -> tuple[bool, bool]:
        """Whether the left and the right end stand elsewhere; an end moves only where the type is kept."""
        if self.now is None or not self.keeps_type:
            return False, False
        return self.now.start != self.span.start, self.now.end != self.span.end

    @property
    def is_kept(self) -> bool:
        """Whether the very same entity is found."""
        return self.keeps_type and not any(self.moved)

    def __str__(self) -> str:
        if self.now is None:
            return "no longer found"
        if self.is_kept:
            return "kept"
        where = [f"{side} end moved" for side, has in zip(("left", "right"), self.moved, strict=True) if has]
        return " and ".join(where) if where else f"found as {self.now.label}"


def _shared(one: Span, other: Span) -> float:
    """Intersection over union of two spans, in characters."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (max(one.end, other.end) - min(one.start, other.start))
