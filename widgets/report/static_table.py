"""A table as plain HTML: every text escaped, numbers in three significant digits."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any


class Markup(str):
    """HTML for a cell, whose texts were escaped when it was made."""

    __slots__ = ()


def table_html(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """One table; numbers in three significant digits, a dash where there is none."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"


def shown(value: Any) -> str:
    """A cell of a table, escaped."""
    if value is None:
        return "–"
    if isinstance(value, Markup):
        return value
    return f"{value:.3g}" if isinstance(value, float) else escape(str(value))
