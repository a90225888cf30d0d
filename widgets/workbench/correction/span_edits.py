"""Other ends for a span, by whole units: grown, shrunk, taken from a picked range, or joined with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from explain_lib.core import Span, Units

Edit = Callable[[Span, Units], Span | None]


def grow_left(span: Span, units: Units) -> Span | None:
    """Begin where the unit before begins, or its own first unit, if the span cuts that; None at the first unit."""
    starts = [start for start in units.bounds[:, 0].tolist() if start < span.start]
    return _with_ends(span, max(starts), span.end) if starts else None


def grow_right(span: Span, units: Units) -> Span | None:
    """End where the unit after ends; None at the last unit."""
    ends = [end for end in units.bounds[:, 1].tolist() if end > span.end]
    return _with_ends(span, span.start, min(ends)) if ends else None


def shrink_left(span: Span, units: Units) -> Span | None:
    """Begin one unit later; None where nothing is left."""
    starts = [start for start in units.bounds[:, 0].tolist() if span.start < start < span.end]
    return _with_ends(span, min(starts), span.end) if starts else None


def shrink_right(span: Span, units: Units) -> Span | None:
    """End one unit earlier; None where nothing is left."""
    ends = [end for end in units.bounds[:, 1].tolist() if span.start < end < span.end]
    return _with_ends(span, span.start, max(ends)) if ends else None


def over(units: Units, first: int, last: int, label: str) -> Span:
    """The span of the units `first` to `last`; ValueError where there are none such."""
    if not 0 <= first <= last < len(units):
        raise ValueError(f"the words {first}–{last} are picked and the text has {len(units)}; pick words of this text.")
    return Span(int(units.bounds[first, 0]), int(units.bounds[last, 1]), label)


def joined(span: Span, other: Span) -> Span:
    """The characters of both under the label of the first; discontinuous where something lies between."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted((*span.parts, *other.parts)):
        if parts and start <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]))
        else:
            parts.append((start, end))
    return Span.from_fragments(parts, span.label)


def _with_ends(span: Span, start: int, end: int) -> Span:
    """The span cut or stretched to new ends; its gaps stay gaps, and fragments that are left outside are gone."""
    if not span.fragments:
        return replace(span, start=start, end=end)
    inside = [(max(s, start), min(e, end)) for s, e in span.fragments if s < end and start < e]
    first, last = (start if start < span.start else inside[0][0]), (end if end > span.end else inside[-1][1])
    inside[0] = (first, inside[0][1])
    inside[-1] = (inside[-1][0], last)
    return Span.from_fragments(inside, span.label)
