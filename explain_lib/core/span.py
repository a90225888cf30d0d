"""A stretch of characters with a label: the only coordinates that leave a module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` (half open, code points of the document's text) that carry `label`.

    `fragments` lists the sorted, disjoint pieces of a discontinuous span; `start` and `end` are then their hull.
    A contiguous span has no fragments.
    """

    start: int
    end: int
    label: str = ""
    fragments: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", int(self.start))
        object.__setattr__(self, "end", int(self.end))
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}–{self.end} is empty or negative; a span needs 0 <= start < end.")
        object.__setattr__(self, "fragments", _normal_fragments(self.fragments, self.start, self.end))

    @classmethod
    def from_fragments(cls, fragments: Iterable[tuple[int, int]], label: str = "") -> Span:
        """Make the span whose hull covers all `fragments`; a single fragment gives a contiguous span."""
        parts = tuple(sorted((int(s), int(e)) for s, e in fragments))
        if not parts:
            raise ValueError("a span needs at least one fragment, got none.")
        return cls(parts[0][0], max(e for _, e in parts), label, parts)

    @property
    def is_discontinuous(self) -> bool:
        """Whether the span has a gap."""
        return bool(self.fragments)

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """The contiguous character ranges of the span, in text order."""
        return self.fragments or ((self.start, self.end),)

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return any(a < d and c < b for a, b in self.parts for c, d in other.parts)

    def crosses(self, other: Span) -> bool:
        """Whether the hulls overlap without one holding the other."""
        first, second = sorted([(self.start, self.end), (other.start, other.end)])
        return first[0] < second[0] < first[1] < second[1]

    def text_of(self, text: str) -> str:
        """The characters of the span in `text`; fragments are joined by a space."""
        return " ".join(text[s:e] for s, e in self.parts)


def _normal_fragments(parts: Iterable[tuple[int, int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    fragments = tuple((int(s), int(e)) for s, e in parts)
    if not fragments:
        return ()
    for s, e in fragments:
        if s >= e:
            raise ValueError(f"fragment {s}–{e} is empty; each fragment needs start < end.")
    for (_, end_before), (start_after, _) in zip(fragments, fragments[1:], strict=False):
        if start_after < end_before:
            raise ValueError(f"fragments {fragments} overlap or are not sorted; they must be sorted and disjoint.")
    if fragments[0][0] != start or fragments[-1][1] != end:
        raise ValueError(f"fragments {fragments} do not begin at {start} and end at {end}, the span's own ends.")
    merged = _merge_adjacent(fragments)
    return merged if len(merged) > 1 else ()


def _merge_adjacent(fragments: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    merged = [fragments[0]]
    for s, e in fragments[1:]:
        if s == merged[-1][1]:
            merged[-1] = (merged[-1][0], e)
        else:
            merged.append((s, e))
    return tuple(merged)
