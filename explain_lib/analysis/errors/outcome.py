"""What became of one entity: its class, the spans on both sides, and how far apart they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from explain_lib.core import Span


class ErrorClass(StrEnum):
    """The classes, in the order in which they are tried: the first that applies is the class of an entity.

    `split` and `swallowed` are about spans that no span of the other side equals; all spans of such a group get the
    class, also those without a partner.
    """

    CORRECT = "correct"
    WRONG_TYPE = "wrong type"
    SPLIT = "split"
    SWALLOWED = "swallowed"
    WRONG_TYPE_AND_BOUNDARY = "wrong type and boundary"
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    SHIFTED = "shifted"
    MISSED = "missed"
    SPURIOUS = "spurious"

    @property
    def meaning(self) -> str:
        """When the class applies, in words."""
        return _MEANINGS[self]


_MEANINGS = {
    ErrorClass.CORRECT: "the same characters and type",
    ErrorClass.WRONG_TYPE: "the same characters, another type",
    ErrorClass.SPLIT: "one gold span meets two or more predicted ones",
    ErrorClass.SWALLOWED: "one predicted span meets two or more gold ones",
    ErrorClass.WRONG_TYPE_AND_BOUNDARY: "an overlap of another type",
    ErrorClass.TOO_SHORT: "a part of the gold span, of its type",
    ErrorClass.TOO_LONG: "the gold span and more, of its type",
    ErrorClass.SHIFTED: "an overlap of its type, each with characters that the other lacks",
    ErrorClass.MISSED: "a gold span that no prediction is left for",
    ErrorClass.SPURIOUS: "a predicted span that no gold span is left for",
}
CONJUNCTION = "conjunction"
GOLD_PROBABLY_MISSING = "gold probably missing"


@dataclass(frozen=True)
class Outcome:
    """A gold span and what answered it, or a predicted span that answers none.

    `text` is the position of the text in the corpus and `document` its name. `gold` or `predicted` is None where there
    is no such span. `flag`: "conjunction" (one stands between the gold spans that were swallowed), "gold probably
    missing" (the annotators may have overlooked a spurious entity), or "". `iou`: shared characters over joined ones,
    0 without a partner. `shift_left`, `shift_right`: characters by which the predicted start and end lie to the right
    of the gold ones (negative: to the left), None without a partner. `confidence` of the predicted span, else NaN.
    """

    text: int
    document: str
    gold: Span | None
    predicted: Span | None
    error: ErrorClass
    iou: float = 0.0
    confidence: float = math.nan
    flag: str = ""

    @property
    def label(self) -> str:
        """The gold label, or that of a prediction without gold."""
        span = self.gold or self.predicted
        return span.label if span else ""

    @property
    def start(self) -> int:
        """Where the first of both spans starts."""
        return min(span.start for span in (self.gold, self.predicted) if span)

    @property
    def end(self) -> int:
        """Where the last of both spans ends."""
        return max(span.end for span in (self.gold, self.predicted) if span)

    @property
    def shift_left(self) -> int | None:
        """Predicted start minus gold start, in characters."""
        return self.predicted.start - self.gold.start if self.gold and self.predicted else None

    @property
    def shift_right(self) -> int | None:
        """Predicted end minus gold end, in characters."""
        return self.predicted.end - self.gold.end if self.gold and self.predicted else None

    @property
    def is_of_boundary_only(self) -> bool:
        """Whether a partner of the same type was found, but not with the same characters."""
        if self.gold is None or self.predicted is None:
            return False
        return self.gold.label == self.predicted.label and self.iou < 1
