"""The numbers of a plotly figure as a report: what stands where no chart can be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any


def figure_report(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A report view with a table for each bar trace and each heat map of a figure's JSON; other traces are left out."""
    layout = figure.get("layout", {})
    title = unescape(layout.get("title", {}).get("text", ""))
    tables = [table for trace in figure.get("data", ()) for table in _tables(trace, layout)]
    return {"title": title, "notes": [], "tables": tables}


def _tables(trace: Mapping[str, Any], layout: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if trace.get("type") == "bar" and trace.get("orientation") == "h":
        values = trace.get("x", ())
        names = _names(trace.get("y", range(len(values))), layout, "yaxis")
        quantity = unescape(layout.get("xaxis", {}).get("title", {}).get("text", "value"))
        rows = [[name, value] for name, value in zip(names, values, strict=False)]
        yield {"caption": trace.get("name", ""), "columns": ["", quantity], "rows": rows}
    if trace.get("type") == "heatmap":
        values = trace.get("z", ())
        names = _names(trace.get("y", range(len(values))), layout, "yaxis")
        rows = [[name, *row] for name, row in zip(names, values, strict=False)]
        across = trace.get("x", range(max(map(len, values), default=0)))
        yield {"caption": trace.get("name", ""), "columns": ["", *_names(across, layout, "xaxis")], "rows": rows}


def _names(places: Sequence[Any], layout: Mapping[str, Any], axis: str) -> list[str]:
    """What stands at places of an axis: its tick labels where it has them."""
    ticks = layout.get(axis, {})
    known = dict(zip(ticks.get("tickvals", ()), ticks.get("ticktext", ()), strict=False))
    return [unescape(str(known.get(place, place))) for place in places]
