"""What a report leads with: groups of pictures that answer its question, before the tables behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explain_lib.core import Measure, Units

from .heat import number, numbers
from .report_parts import MINUS, View
from .text import text_view, visible

LONGEST = 400
"""Units of a text that a picture shows; of a longer one it shows the stretch around what it is about."""


def group(title: str, lead: Sequence[str], pictures: Sequence[View]) -> View:
    """{"title", "lead", "pictures"}: what one target in one arm looks like; a page shows the first group unfolded.

    Every picture has a "kind", which says what else it holds, and a "caption".
    """
    return {"title": visible(title), "lead": [visible(line) for line in lead if line], "pictures": list(pictures)}


def ranges(
    caption: str, rows: Sequence[View], limits: tuple[float, float], marks: Mapping[str, float] | None = None
) -> View:
    """{"kind": "ranges", "caption", "low", "high", "marks": [{"name", "at"}], "rows"}: figures on one axis.

    The axis reaches from `limits` as far as the rows need; `marks` are lines across all rows. Rows: `range_row`.
    """
    ends = [row[key] for row in rows for key in ("value", "low", "high") if row[key] is not None]
    places = {} if marks is None else marks
    low, high = min([limits[0], *ends, *places.values()]), max([limits[1], *ends, *places.values()])
    marked = [{"name": visible(name), "at": number(at)} for name, at in places.items()]
    return {"kind": "ranges", "caption": visible(caption), "low": number(low), "high": number(high),
            "marks": marked, "rows": list(rows)}  # fmt: skip


def range_row(name: str, one: Measure | None, role: str = "main", note: str = "") -> View:
    """{"name", "value", "low", "high", "role", "note"}: a figure with its interval, or why there is none.

    `role`: "main", a "control" to hold it against, or a "bar" that starts at 0.
    """
    is_there = one is not None and one.is_available
    value, interval = (one.value, one.interval) if one is not None and is_there else (None, None)
    low, high = (None, None) if interval is None else map(number, interval)
    why = "" if is_there else "not available" + (f", because {one.note}" if one is not None and one.note else "")
    said = "; ".join(filter(None, [why, note]))
    value = None if value is None else number(value)
    return {"name": visible(name), "value": value, "low": low, "high": high, "role": role, "note": visible(said)}


def stretch(units: Units, centre: tuple[int, int], longest: int = LONGEST) -> tuple[int, int]:
    """The units to show of a text: all, or `longest` of them around the units `centre`."""
    n = len(units)
    first = max(0, min((sum(centre) - longest) // 2, n - longest))
    return first, min(n, first + longest)


def stretch_view(units: Units, shown: tuple[int, int]) -> View:
    """{"lang", "units", "after", "first", "is_cut"}: the text of some units as `text_view` has it.

    `first` is the number of the first unit that is shown; `is_cut` where others are left out.
    """
    first, end = shown
    view, n = text_view(units), len(units)
    after = view["after"] if end == n else ""
    return {**view, "units": view["units"][first:end], "after": after, "first": first, "is_cut": end - first < n}


def own_units(units: Units, span: Any) -> tuple[int, int]:
    """The first unit of a span and the one after its last; the middle of the text where there is no span."""
    inside = [] if span is None else units.inside(span).nonzero()[0].tolist()
    return (inside[0], inside[-1] + 1) if inside else (len(units) // 2, len(units) // 2)


def scored(units: Units, scores: Any, shown: tuple[int, int]) -> list[float | None]:
    """JSON numbers of the units that are shown, in four digits: what a colour or a tooltip can tell."""
    assert len(scores) == len(units)
    return [None if value is None else float(f"{value:.4g}") for value in numbers(scores[slice(*shown)])]


def in_words(one: Measure | None) -> str:
    """A figure with its interval, for a sentence; "not available" where there is none."""
    if one is None or not one.is_available:
        return "not available"
    between = "" if one.interval is None else f" ({spoken(one.interval[0])} to {spoken(one.interval[1])})"
    return spoken(one.value) + between


def spoken(value: float) -> str:
    """A number in two significant digits with a true minus sign, for a sentence."""
    return f"{value:.2g}".replace("-", MINUS)
