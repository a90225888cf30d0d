"""What edits make of an entity: where its ends then stand, counted by family, and the edits that moved or lost it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explain_lib.analysis import BoundaryReport

from .edited_text import excerpt_runs, original, text_after
from .pictures import own_units
from .report_parts import View
from .text import page_language, visible

LOST, RETYPED = "lost", "another type"
LEAST = 1  # units beside an end that have a column in any case


def flips_picture(report: BoundaryReport, at: int) -> View | None:
    """{"kind": "flips", "caption", "lang", "starts", "ends", "families", "cells", "edits"}; None without edits.

    `starts` and `ends`: {"text", "own"}, the units at which the entity started or ended after an edit; `families`:
    {"name", "n"}; `cells`: {"family", "column", "edits"}, the numbers of the edits that put it there, columns counted
    through starts, ends, "another type" and "lost". `edits`: {"number", "family", "then", "runs"} (`excerpt_runs`),
    those that changed it.
    """
    edits, span = report.details["edits"], report.targets[at].span
    fates = {fate["edit"]: fate for fate in report.details["entities"][at].get("fates", [])}
    if not fates or span is None:
        return None
    (first, end), n = own_units(report.units, span), len(report.units)
    places = {k: _place(report, at, edits[k], fate) for k, fate in fates.items()}
    starts = _columns([place[0] for place in places.values() if isinstance(place, tuple)], first, n)
    ends = _columns([place[1] for place in places.values() if isinstance(place, tuple)], end - 1, n)
    families = list(dict.fromkeys(edits[k]["family"] for k in fates))
    cells: dict[tuple[int, int], list[int]] = {}
    for k, place in places.items():
        for column in _columns_of(place, starts, ends):
            cells.setdefault((families.index(edits[k]["family"]), column), []).append(k + 1)
    changed = [k for k, place in places.items() if place != (first, end - 1)]
    return {
        "kind": "flips", "caption": "What edits make of it: where its ends then stand",
        "lang": page_language(report.units.document.lang),
        "starts": [_named(report, unit, first) for unit in starts],
        "ends": [_named(report, unit, end - 1) for unit in ends],
        "families": [{"name": visible(one), "n": sum(edits[k]["family"] == one for k in fates)} for one in families],
        "cells": [{"family": f, "column": c, "edits": numbers} for (f, c), numbers in sorted(cells.items())],
        "edits": [_edit(report, edits[k], fates[k], (span.start, span.end)) for k in changed],
    }  # fmt: skip


def _columns_of(place: tuple[int, int] | str, starts: list[int], ends: list[int]) -> list[int]:
    """The columns in which an edit counts."""
    if isinstance(place, str):
        return [len(starts) + len(ends) + [RETYPED, LOST].index(place)]
    return [starts.index(place[0]), len(starts) + ends.index(place[1])]


def _place(report: BoundaryReport, at: int, edit: Mapping[str, Any], fate: Mapping[str, Any]) -> tuple[int, int] | str:
    """The units of the text at which the entity starts and ends after an edit, or what else became of it."""
    now, target = fate["now"], report.targets[at]
    if now is None or now[2] != target.label:
        return LOST if now is None else RETYPED
    first, end = own_units(report.units, target.span)
    start = first if now[0] == fate["was"][0] else _unit(report, original(report.units, edit, now[0]))
    last = end - 1 if now[1] == fate["was"][1] else _unit(report, original(report.units, edit, now[1] - 1))
    return start, last


def _unit(report: BoundaryReport, place: int) -> int:
    """The unit that holds a character, or the last one before it."""
    return max(0, int((report.units.bounds[:, 0] <= place).sum()) - 1)


def _columns(seen: Sequence[int], own: int, n_units: int) -> list[int]:
    """The units to have a column: those seen, the entity's own and its neighbours."""
    near = range(max(0, own - LEAST), min(n_units, own + LEAST + 1))
    return sorted({*seen, *near})


def _named(report: BoundaryReport, unit: int, own: int) -> View:
    return {"text": visible(report.units.texts[unit]), "own": unit == own}


def _edit(report: BoundaryReport, edit: Mapping[str, Any], fate: Mapping[str, Any], was: Sequence[int]) -> View:
    now = fate["now"]
    then = "no longer found" if now is None else f"now {now[2]} “{text_after(report.units, edit, now)}”"
    runs = excerpt_runs(report.units, edit, was, now)
    return {"number": fate["edit"] + 1, "family": visible(edit["family"]), "then": visible(then), "runs": runs}
