"""Events of tags: what a target asks of the tags that a decoder reads, in label positions of one window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SpanEvent:
    """The decoder returns exactly the label positions `first`..`last` (both included) with this entity type."""

    first: int
    last: int
    kind: str


@dataclass(frozen=True)
class OutsideEvent:
    """Every label position `first`..`last` (both included) is O."""

    first: int
    last: int


@dataclass(frozen=True)
class ContrastEvent:
    """The log-probability of one event minus that of another."""

    event: SpanEvent
    other: SpanEvent | OutsideEvent


@dataclass(frozen=True)
class MarginEvent:
    """The logit margin of one boundary of a span: below 0 the boundary is not where the span says."""

    span: SpanEvent
    side: Literal["left", "right"]


TagEvent = SpanEvent | OutsideEvent | ContrastEvent | MarginEvent
