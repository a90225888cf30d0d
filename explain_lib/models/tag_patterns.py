"""Events of tags as patterns: for each position, which pairs of neighbouring tags may enter it.

A tag sequence fulfils the event if and only if every pair does, as the plain decoder of `tag_spelling` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .tag_events import MarginEvent, OutsideEvent, SpanEvent
from .tag_spelling import TagSpelling


@dataclass(frozen=True)
class TagPattern:
    """Pairs bool[tags + 1, tags + 1] (row to column, the border last) that may enter positions `first`, first + 1, …"""

    first: int
    allowed: tuple[Tensor, ...]

    @classmethod
    def of(cls, event: SpanEvent | OutsideEvent | MarginEvent, spelling: TagSpelling) -> TagPattern:
        """The pattern of one event; that of a margin asks for one boundary of its span only."""
        match event:
            case SpanEvent(first, last, kind):
                return cls(first, _Pairs(spelling, kind).span(last - first + 1))
            case OutsideEvent(first, last):
                outside = _Pairs(spelling, "").into(spelling.scheme.outside)
                return cls(first, (outside,) * (last - first + 1))
            case MarginEvent(span, "left"):
                return cls(span.first, (_Pairs(spelling, span.kind).boundary("B", span.first == span.last),))
            case MarginEvent(span, _):
                is_seen = spelling.scheme.name == "BIOES"  # elsewhere a span ends where the next tag does not go on
                pairs = _Pairs(spelling, span.kind).boundary("E", span.first == span.last)
                return cls(span.last + (not is_seen), (pairs,))


@dataclass(frozen=True)
class _Pairs:
    """Pairs of tags for spans of one type."""

    spelling: TagSpelling
    kind: str

    def span(self, n: int) -> tuple[Tensor, ...]:
        """The pairs of a span of n positions and, where the scheme looks at it, of the position after."""
        if self.spelling.scheme.name == "BIOES":
            ends = self.boundary("B", n == 1), self.boundary("E", n == 1)
            return ends[:1] if n == 1 else (ends[0], *[self.inside] * (n - 2), ends[1])
        return (self._opening(), *[self.inside] * (n - 1), ~self.inside)

    def boundary(self, role: str, is_single: bool) -> Tensor:
        """The pairs that hold one boundary of a span: its first tag ("B") or, where it shows, its last one ("E")."""
        match self.spelling.scheme.name:
            case "BIOES":
                return self.into(self._tag("S" if is_single else role))
            case "BIO":
                return self.into(self._tag("B")) if role == "B" else ~self.inside
            case _:
                return self.inside if role == "B" else ~self.inside

    @property
    def inside(self) -> Tensor:
        return self.into(self._tag("I"))

    def _opening(self) -> Tensor:
        begin, inside = self._tag("B"), self._tag("I")
        if self.spelling.scheme.name == "BIO" and not self.spelling.is_lenient:
            return self.into(begin)
        return self.into(begin) | (self.into(inside) & ~self.into(begin, inside).T)

    def into(self, *tags: int | None) -> Tensor:
        """Pairs whose second tag is one of `tags`."""
        n = len(self.spelling.scheme.tags) + 1
        pairs = torch.zeros(n, n, dtype=torch.bool)
        pairs[:, [tag for tag in tags if tag is not None]] = True
        return pairs

    def _tag(self, role: str) -> int | None:
        return self.spelling.scheme.index(role, self.kind)
