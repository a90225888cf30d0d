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
            case MarginEvent(span, "left"):
                return cls(span.first, (_Gates(spelling, span.kind).boundary("B", span.first == span.last),))
            case MarginEvent(span, _):
                is_seen = spelling.scheme.name == "BIOES"  # elsewhere a span ends where the next tag does not go on
                gate = _Gates(spelling, span.kind).boundary("E", span.first == span.last)
                return cls(span.last + (not is_seen), (gate,))


@dataclass(frozen=True)
class _Gates:
    """Gates of spans of one type."""

    spelling: TagSpelling
    kind: str

    def span(self, n: int) -> tuple[Gate, ...]:
        """The gates of a span of n positions and, where the scheme looks at it, of the position after."""
        body = Gate(self._tag("I"))
        if self.spelling.scheme.name == "BIOES":
            ends = self.boundary("B", n == 1), self.boundary("E", n == 1)
            return ends[:1] if n == 1 else (ends[0], *[body] * (n - 2), ends[1])
        return (self._opening(), *[body] * (n - 1), self._closing())

    def boundary(self, role: str, is_single: bool) -> Gate:
        """The gate at one boundary of a span: at its first tag ("B") or, where it shows, its last one ("E")."""
        match self.spelling.scheme.name:
            case "BIOES":
                return Gate(self._tag("S" if is_single else role))
            case name:
                opening = "B" if name == "BIO" else "I"
                return Gate(self._tag(opening)) if role == "B" else self._closing()

    def _opening(self) -> Gate:
        begin, inside = self._tag("B"), self._tag("I")
        is_strict = self.spelling.scheme.name == "BIO" and not self.spelling.is_lenient
        return Gate(begin) if is_strict else Gate(begin, inside, begin | inside)

    def _closing(self) -> Gate:
        return Gate(frozenset(range(len(self.spelling.scheme.tags) + 1)) - self._tag("I"))

    def _tag(self, role: str) -> Tags:
        index = self.spelling.scheme.index(role, self.kind)
        return frozenset() if index is None else frozenset([index])
