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

    CORRECT = "correct"  # the same characters, the same type
    WRONG_TYPE = "wrong type"  # the same characters, another type
    SPLIT = "split"  # one gold span meets two or more predicted ones
    SWALLOWED = "swallowed"  # one predicted span meets two or more gold ones
    WRONG_TYPE_AND_BOUNDARY = "wrong type and boundary"  # an overlap, another type
    TOO_SHORT = "too short"  # a part of the gold span, the same type
    TOO_LONG = "too long"  # the gold span and more, the same type
    SHIFTED = "shifted"  # both have characters that the other has not
    MISSED = "missed"  # no predicted span left for it
    SPURIOUS = "spurious"  # no gold span left for it


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
