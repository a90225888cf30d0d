"""A report as plain HTML: no script, every text escaped. What remains where widgets cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from .static_pictures import curve_html, group_html
from .static_table import table_html


def report_html(report: Mapping[str, Any]) -> str:
    """Title, groups of pictures, notes and every other part of a report view."""
    notes = "".join(f"<p>{escape(note)}</p>" for note in report.get("notes", ()))
    tables = [table_html(one["caption"], one["columns"], one["rows"]) for one in report.get("tables", ())]
    strips = [_strip(one) for one in report.get("strips", ())]
    matrices = [_matrix(one) for one in report.get("matrices", ())]
    curves = [curve_html(one) for one in report.get("curves", ())]
    excerpts = [_excerpts(one) for one in report.get("excerpts", ())]
    groups = [part for one in report.get("groups", ()) for part in group_html(one)]
    title = escape(report.get("title", ""))
    return "\n".join(
        [f"<div><b>{title}</b>", *groups, notes, *tables, *strips, *matrices, *curves, *excerpts, "</div>"]
    )


def _strip(strip: Mapping[str, Any]) -> str:
    words = [word for _, word in strip["units"]]
    return table_html(strip["caption"], ("unit", "score"), list(zip(words, strip["scores"], strict=True)))


def _matrix(matrix: Mapping[str, Any]) -> str:
    rows = [[name, *values] for name, values in zip(matrix["rows"], matrix["values"], strict=True)]
    return table_html(matrix["caption"], ["", *matrix["columns"]], rows)


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
