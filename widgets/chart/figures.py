"""Figures from views: pure functions that return plotly figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

RAISES, LOWERS = "#b35806", "#5e3c99"
_ROW_HEIGHT, _FRAME_HEIGHT, _FEWEST_ROWS = 26, 90, 3


def bars_figure(view: Mapping[str, Any]) -> Figure:
    """Horizontal bars of the strongest units with 95 % error bars, strongest on top; `view` is a bars view."""
    from plotly.graph_objects import Bar, Figure  # imported here: a third of a second

    bars, rows = view["bars"], max(_FEWEST_ROWS, len(view["bars"]))
    figure = Figure(
        Bar(
            x=[bar["score"] for bar in bars], y=[f"unit {bar['unit']}" for bar in bars], orientation="h",
            customdata=[bar["unit"] for bar in bars], error_x=_error_bars(bars), textposition="none",
            marker={"color": [RAISES if bar["score"] > 0 else LOWERS for bar in bars]},
            hovertext=[_hover(bar) for bar in bars], hoverinfo="text",
        )
    )  # fmt: skip
    figure.update_layout(
        height=_FRAME_HEIGHT + _ROW_HEIGHT * rows, margin={"l": 8, "r": 16, "t": 30, "b": 44}, bargap=0.25,
        title={"text": plain(view["target"]), "font": {"size": 13}, "x": 0, "xref": "paper", "pad": {"b": 4}},
        showlegend=False,
        xaxis={"title": {"text": _axis_title(view), "font": {"size": 12}}, "zeroline": True, "automargin": True},
        yaxis={
            "range": [rows - 0.5, -0.5], "automargin": True, "tickmode": "array", "fixedrange": True,
            "tickvals": [f"unit {bar['unit']}" for bar in bars], "ticktext": [plain(bar["name"]) for bar in bars],
        },
    )  # fmt: skip
    return figure


def comparison_figure(view: Mapping[str, Any]) -> Figure:
    """A grid of methods and units, each row coloured on its own scale; `view` is a comparison view."""
    from plotly.graph_objects import Figure, Heatmap  # imported here: a third of a second

    rows, units, across = view["rows"], view["units"], list(range(len(view["units"])))
    figure = Figure(
        Heatmap(
            x=across, y=list(range(len(rows))), z=[row["shares"] for row in rows], zmin=-1, zmax=1, xgap=1, ygap=3,
            colorscale=[[0, LOWERS], [0.5, "rgba(128,128,128,0.08)"], [1, RAISES]], showscale=False, hoverinfo="text",
            hovertext=[[_cell(row, view["words"][k], unit) for k, unit in enumerate(units)] for row in rows],
        )
    )  # fmt: skip
    figure.update_layout(
        height=_FRAME_HEIGHT + _ROW_HEIGHT * max(_FEWEST_ROWS, len(rows)),
        margin={"l": 8, "r": 16, "t": 30, "b": 44},
        title={"text": plain(view["target"]), "font": {"size": 13}, "x": 0, "xref": "paper", "pad": {"b": 4}},
        xaxis={
            "tickmode": "array", "tickvals": across, "ticktext": [plain(word) for word in view["words"]],
            "showgrid": False, "zeroline": False, "automargin": True,
        },
        yaxis={
            "tickmode": "array", "tickvals": list(range(len(rows))), "ticktext": [plain(row["name"]) for row in rows],
            "range": [len(rows) - 0.5, -0.5], "showgrid": False, "zeroline": False, "automargin": True,
            "fixedrange": True,
        },
    )  # fmt: skip
    return figure


def _cell(row: Mapping[str, Any], word: str, unit: int) -> str:
    heat = row["heat"]
    if not heat["active"][unit]:
        return f"{plain(word)}: always kept<br>{plain(row['name'])}"
    score, error = heat["scores"][unit], heat["errors"][unit]
    known = "error unknown" if error is None else f"± {error:.3g}"
    value = "not a number" if score is None else f"{score:+.3g} {known}"
    return f"{plain(word)}: {value} ({plain(heat['quantity'])})<br>{plain(row['name'])}"


def plain(text: str) -> str:
    """Text as plotly shows it literally: its small markup language is escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", " ")


def _error_bars(bars: list[dict[str, Any]]) -> dict[str, Any]:
    high = [0.0 if bar["high"] is None else bar["high"] - bar["score"] for bar in bars]
    low = [0.0 if bar["low"] is None else bar["score"] - bar["low"] for bar in bars]
    shown = {"visible": any(high), "thickness": 1.5}
    return {"type": "data", "symmetric": False, "array": high, "arrayminus": low, **shown}


def _hover(bar: Mapping[str, Any]) -> str:
    known = bar["low"] is not None
    interval = f"95 % {bar['low']:.2f} … {bar['high']:.2f}" if known else "error unknown"
    return f"{plain(bar['name'])}: {bar['score']:+.2f} ({interval})"


def _axis_title(view: Mapping[str, Any]) -> str:
    n = len(view["kept"])
    kept = f"; {n} unit{'' if n == 1 else 's'} always kept" if n else ""
    return f"{view['quantity']}, change when kept{kept}"
