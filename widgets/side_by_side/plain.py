"""Methods side by side as plain HTML: no script, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any


def side_by_side_html(view: Mapping[str, Any]) -> str:
    """A table of scores and errors: a row a unit, a column a method."""
    heads = "".join(f'<th scope="col">{escape(_head(column))}</th>' for column in view["columns"])
    rows = "".join(
        f'<tr><th scope="row">{escape(row["name"])}</th>'
        f"{''.join(f'<td>{escape(_cell(cell))}</td>' for cell in row['cells'])}</tr>"
        for row in view["rows"]
    )
    notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in view["notes"])
    caption = f"<caption>{escape(view['target'])}: {escape(view['quantity'])}, with standard errors</caption>"
    lang = escape(view["lang"], quote=True)
    return f'<div><table lang="{lang}">{caption}<tr><th></th>{heads}</tr>{rows}</table>{notes}</div>'


def _head(column: Mapping[str, Any]) -> str:
    factor = "" if column["factor"] == 1 else f" (bars × {column['factor']:.3g})"
    return f"{column['name']}{factor}"


def _cell(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "always kept"
    if cell["score"] is None:
        return "not a number"
    return f"{cell['score']:+.3g} ± " + ("?" if cell["error"] is None else f"{cell['error']:.2g}")
