"""Figures from views: pure functions that return plotly figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

RAISES, LOWERS = "#b35806", "#5e3c99"
_ROW_HEIGHT, _FRAME_HEIGHT, _FEWEST_ROWS = 26, 90, 3
_LETTER_HEIGHT, _TOOLTIP_LETTERS, _CLEARLY_LOWERS = 7, 80, -0.15
_FAINT = "12"  # alpha of a score near 0: the hue of its sign shows from there on
_NOTHING = "#80808012"
_SCALE = [
    [0, LOWERS], [0.4975, f"{LOWERS}{_FAINT}"], [0.4975, _NOTHING],
    [0.5025, _NOTHING], [0.5025, f"{RAISES}{_FAINT}"], [1, RAISES],
]  # fmt: skip


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
            "tickvals": [f"unit {bar['unit']}" for bar in bars],
            "ticktext": [plain(short(bar["name"], 40)) for bar in bars],
        },
    )  # fmt: skip
    return figure


def comparison_figure(view: Mapping[str, Any]) -> Figure:
    """A grid of methods and units, coloured by shares; `view` is a comparison view."""
    from plotly.graph_objects import Figure, Heatmap  # imported here: a third of a second

    rows, units, across = view["rows"], view["units"], list(range(len(view["units"])))
    words, names = [short(word) for word in view["words"]], [plain(row["name"]) for row in rows]
    figure = Figure(
        Heatmap(
            x=across, y=list(range(len(rows))), z=[row["shares"] for row in rows], zmin=-1, zmax=1, xgap=1, ygap=3,
            colorscale=_SCALE, showscale=False, customdata=[units for _ in rows],
            text=[[_sign(share) for share in row["shares"]] for row in rows], texttemplate="%{text}",
            hovertext=[[_cell(row, view["words"][k], unit) for k, unit in enumerate(units)] for row in rows],
            hoverinfo="text",
        )
    )  # fmt: skip
    bare = {"showgrid": False, "zeroline": False, "automargin": True, "tickmode": "array", "fixedrange": True}
    figure.update_layout(
        height=_FRAME_HEIGHT + _ROW_HEIGHT * max(_FEWEST_ROWS, len(rows)) + _LETTER_HEIGHT * max(map(len, words)),
        margin={"l": 8, "r": 16, "t": 30, "b": 8},
        title={"text": plain(view["target"]), "font": {"size": 13}, "x": 0, "xref": "paper", "pad": {"b": 4}},
        xaxis={**bare, "tickvals": across, "ticktext": [plain(word) for word in words], "tickangle": 90},
        yaxis={**bare, "tickvals": list(range(len(rows))), "ticktext": names, "range": [len(rows) - 0.5, -0.5]},
    )
    return figure


def short(text: str, longest: int = 24) -> str:
    """The beginning of a long text: a unit may be a sentence, and a label beside an axis has little room."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _sign(share: float | None) -> str:
    """A mark where a unit clearly lowers the score, for readers who cannot tell the colours apart."""
    return "−" if share is not None and share <= _CLEARLY_LOWERS else ""


def _cell(row: Mapping[str, Any], word: str, unit: int) -> str:
    heat, word = row["heat"], plain(short(word, _TOOLTIP_LETTERS))
    if not heat["active"][unit]:
        return f"{word}: always kept<br>{plain(row['name'])}"
    score, error = heat["scores"][unit], heat["errors"][unit]
    known = "error unknown" if error is None else f"± {error:.3g}"
    value = "not a number" if score is None else f"{score:+.3g} {known}"
    return f"{word}: {value} ({plain(heat['quantity'])})<br>{plain(row['name'])}"


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
    return f"{plain(short(bar['name'], _TOOLTIP_LETTERS))}: {bar['score']:+.2f} ({interval})"


def _axis_title(view: Mapping[str, Any]) -> str:
    n = len(view["kept"])
    kept = f"; {n} unit{'' if n == 1 else 's'} always kept" if n else ""
    return f"{view['quantity']}, change when kept{kept}"
