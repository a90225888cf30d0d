"""Targets: which number is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .span import Span

Score = Literal["log_odds", "log_prob", "probability"]
SCORES: tuple[Score, ...] = ("log_odds", "log_prob", "probability")


@dataclass(frozen=True)
class NoEntity:
    """The contrast "no entity here": every label position of the span is O."""


@dataclass(frozen=True)
class Longer:
    """The contrast "the same type with other ends": label positions added left and right (negative = shorter)."""

    left: int = 0
    right: int = 0

    def __post_init__(self) -> None:
        if self.left == 0 and self.right == 0:
            raise ValueError("longer(left=0, right=0) is the span itself; move at least one end.")


NO_ENTITY = NoEntity()


def longer(left: int = 0, right: int = 0) -> Longer:
    """The span with its ends moved outwards by label positions; negative numbers make it shorter."""
    return Longer(left, right)


@dataclass(frozen=True)
class Target:
    """What is explained: a span (its label unless `label` says otherwise), or the document if there is no span.

    `versus` makes a contrast, a difference of log-probabilities: another label, `longer(...)` or `NO_ENTITY`.
    `margin` ("left" or "right") asks for the margin of that boundary, in logits, instead of the span's score.
    """

    span: Span | None = None
    label: str | None = None
    versus: str | Longer | NoEntity | None = None
    margin: Literal["left", "right"] | None = None

    def __post_init__(self) -> None:
        if self.margin not in (None, "left", "right"):
            raise ValueError(f"margin is {self.margin!r}; allowed are 'left', 'right' and None.")
        if self.margin is not None and self.versus is not None:
            raise ValueError("a target is either a margin or a contrast; give `margin` or `versus`, not both.")
        if self.span is None and (self.margin is not None or isinstance(self.versus, Longer | NoEntity)):
            raise ValueError("margins and boundary contrasts need a span; this target has none.")
        if self.label is None:
            if self.span is None or not self.span.label:
                raise ValueError("a target needs a label: give `label=` or a span that carries one.")
            object.__setattr__(self, "label", self.span.label)

    @property
    def name(self) -> str:
        """A short plain name: label, range and contrast (no text of the document)."""
        where = f" {self.span.start}–{self.span.end}" if self.span else ""
        return f"{self.label}{where}{self._suffix()}"

    @property
    def kind(self) -> str:
        """What is asked, wherever it stands: label and contrast."""
        return f"{self.label}{self._suffix()}"

    def _suffix(self) -> str:
        match self.versus:
            case NoEntity():
                return " versus no entity"
            case Longer(left, right):
                return f" versus longer(left={left}, right={right})"
            case str(other):
                return f" versus {other}"
        return f", {self.margin} margin" if self.margin else ""
