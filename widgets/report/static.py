"""A report as plain HTML tables: no script, every text escaped. What remains where widgets cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any


def report_html(report: Mapping[str, Any]) -> str:
    """Title, notes and every part of a report view as tables."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.get("notes", ()))
    tables = [table_html(one["caption"], one["columns"], one["rows"]) for one in report.get("tables", ())]
    strips = [_strip(one) for one in report.get("strips", ())]
    matrices = [_matrix(one) for one in report.get("matrices", ())]
    curves = [_curve(one) for one in report.get("curves", ())]
    excerpts = [_excerpts(one) for one in report.get("excerpts", ())]
    title = escape(report.get("title", ""))
    return "\n".join([f"<div><b>{title}</b>{notes}", *tables, *strips, *matrices, *curves, *excerpts, "</div>"])


def table_html(caption: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """One table; numbers in three significant digits, a dash where there is none."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><tr>{head}</tr>{body}</table>"


def shown(value: Any) -> str:
    """A cell of a table, escaped."""
    if value is None:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else escape(str(value))


def _strip(strip: Mapping[str, Any]) -> str:
    words = [word for _, word in strip["units"]]
    return table_html(strip["caption"], ("unit", "score"), list(zip(words, strip["scores"], strict=True)))


def _matrix(matrix: Mapping[str, Any]) -> str:
    rows = [[name, *values] for name, values in zip(matrix["rows"], matrix["values"], strict=True)]
    return table_html(matrix["caption"], ["", *matrix["columns"]], rows)


def _curve(curve: Mapping[str, Any]) -> str:
    lines = [(y["name"], y["values"]) for y in curve["ys"]]
    bounds = [(f"{band['name']}, {end}", band[end]) for band in curve["bands"] for end in ("low", "high")]
    names, values = zip(*lines, *bounds, strict=True) if lines or bounds else ((), ())
    return table_html(curve["caption"], [curve["x_label"] or "x", *names], list(zip(curve["x"], *values, strict=True)))


def _excerpts(part: Mapping[str, Any]) -> str:
    """Gold spans between square brackets, predicted ones between angle brackets: lines need style sheets."""
    rows = [[one["name"], "".join(_bracketed(one["runs"])), one["note"]] for one in part["excerpts"]]
    return table_html(f"{part['caption']}: [gold], ⟨predicted⟩", ("text", "excerpt", "about"), rows)


def _bracketed(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    edges = [{"gold": False, "predicted": False}, *runs, {"gold": False, "predicted": False}]
    for before, run in zip(edges, edges[1:], strict=False):
        yield "⟩" * (before["predicted"] and not run["predicted"]) + "]" * (before["gold"] and not run["gold"])
        yield "[" * (run["gold"] and not before["gold"]) + "⟨" * (run["predicted"] and not before["predicted"])
        yield str(run.get("text", ""))
