"""Events of tags as patterns: for each position in turn, the gate through which its tag must pass.

A tag sequence fulfils the event, as the plain decoder of `tag_spelling` reads it, if and only if it passes every gate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .tag_events import MarginEvent, OutsideEvent, SpanEvent
from .tag_spelling import TagSpelling

Tags = frozenset[int]


@dataclass(frozen=True)
class Gate:
    """Tags that may enter a position: `free` after any tag, `fresh` after none of `bars`.

    The border of the text counts as one more tag, the last.
    """

    free: Tags
    fresh: Tags = frozenset()
    bars: Tags = frozenset()

    def pairs(self, n: int) -> npt.NDArray[np.bool_]:
        """bool[n, n]: whether the gate lets a tag (column) pass after another (row)."""
        tags = np.arange(n)
        after = ~np.isin(tags, list(self.bars))[:, None]
        return np.isin(tags, list(self.free)) | (np.isin(tags, list(self.fresh)) & after)


@dataclass(frozen=True)
class TagPattern:
    """The gates of the positions `first`, first + 1, …"""

    first: int
    gates: tuple[Gate, ...]

    @classmethod
    def of(cls, event: SpanEvent | OutsideEvent | MarginEvent, spelling: TagSpelling) -> TagPattern:
        """The pattern of one event; that of a margin asks for one boundary of its span only."""
        match event:
            case SpanEvent(first, last, kind):
                return cls(first, _Gates(spelling, kind).span(last - first + 1))
            case OutsideEvent(first, last):
                return cls(first, (Gate(frozenset([spelling.scheme.outside])),) * (last - first + 1))
            case MarginEvent(span, side):
                gates, role = _Gates(spelling, span.kind), spelling.boundary_role(span, side)
                if side == "right" and not spelling.has_end_tags:
                    return cls(span.last + 1, (gates.closing(),))
                return cls(span.first if side == "left" else span.last, (Gate(gates.tag(role)),))


@dataclass(frozen=True)
class _Gates:
    """Gates of spans of one type."""

    spelling: TagSpelling
    kind: str

    def span(self, n: int) -> tuple[Gate, ...]:
        """The gates of a span of n positions and, where the scheme looks at it, of the position after."""
        body = Gate(self.tag("I"))
        if not self.spelling.has_end_tags:
            return (self._opening(), *[body] * (n - 1), self.closing())
        return (Gate(self.tag("S")),) if n == 1 else (Gate(self.tag("B")), *[body] * (n - 2), Gate(self.tag("E")))

    def _opening(self) -> Gate:
        begin, inside = self.tag("B"), self.tag("I")
        is_strict = self.spelling.scheme.name == "BIO" and not self.spelling.is_lenient
        return Gate(begin) if is_strict else Gate(begin, inside, begin | inside)

    def closing(self) -> Gate:
        """The gate of the position after a span: anything, the border included, but what would go on."""
        return Gate(frozenset(range(len(self.spelling.scheme.tags) + 1)) - self.tag("I"))

    def tag(self, role: str) -> Tags:
        """The tag of a role, if the model has one."""
        index = self.spelling.scheme.index(role, self.kind)
        return frozenset() if index is None else frozenset([index])
