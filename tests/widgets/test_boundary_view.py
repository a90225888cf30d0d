"""The view of a boundary report: golden, every missing figure with its reason, sentences that can be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from rule_model import question, tagger

from explain_lib.analysis import BoundaryReport, boundary_sensitivity
from explain_lib.core import Document, Span, Target
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import ContextMask, bank
from widgets.views import report_view
from widgets.views.boundary import boundary_view


def report() -> BoundaryReport:
    query = question("o k o x y o", 6, 9)
    return boundary_sensitivity(query, edits=bank(query, [ContextMask(0.5, 0)], 3), max_rows=10)


def test_the_view(golden: Callable[[str, Any], None]) -> None:
    view = boundary_view(report())
    golden("boundary", view)
    json.dumps(view, allow_nan=False)


def test_a_boundary_report_has_this_view() -> None:
    found = report()
    assert report_view(found) == boundary_view(found)


def test_a_report_read_from_a_file_looks_the_same(tmp_path: Any) -> None:
    found = report()
    found.save(tmp_path / "report")
    assert boundary_view(BoundaryReport.load(tmp_path / "report")) == boundary_view(found)


def test_what_moves_an_end_is_said_in_words() -> None:
    lead = boundary_view(report())["groups"][0]["lead"]
    assert "Hiding “k” moves its left end: Disease “y”; no smaller set does it." in lead
    query = Query(tagger(), Document("d o y o", id="drug"), [Target(Span(4, 5, "Drug"))])
    (only,) = boundary_view(boundary_sensitivity(query, edits=0))["groups"]
    assert "Hiding “d” turns it into Disease “y”; no smaller set does it." in only["lead"]


def test_every_reason_stands_once_for_what_it_holds_for() -> None:
    (missing,) = [t for t in boundary_view(report())["tables"] if t["caption"] == "Not available"]
    reasons = [(row[0], row[2]) for row in missing["rows"]]
    assert len(set(reasons)) == len(reasons) > 3
    absent = {m.note for m in report().measures if not m.is_available}
    assert {why for _, why in reasons} == absent


def pictures(kind: str, found: BoundaryReport) -> list[dict[str, Any]]:
    return [one for one in boundary_view(found)["groups"][0]["pictures"] if one["kind"] == kind]


def test_the_landscape_names_words_and_spans_and_marks_the_entity() -> None:
    found = report()  # o k o x y o, entity x y
    (picture,) = pictures("landscape", found)
    assert picture["rows"] == ["o", "k", "o", "x", "y"] and picture["columns"] == ["x", "y", "o"]
    row, column = picture["marked"]
    assert picture["texts"][row][column] == "x y" and picture["texts"][1][2] == "k o x y o"
    flat = {text: value for texts, row in zip(picture["texts"], picture["values"], strict=True)
            for text, value in zip(texts, row, strict=True)}  # fmt: skip
    other = found.details["entities"][0]["likeliest_other"]
    start, end = other["span"]
    assert flat[found.units.document.text[start:end]] == round(other["log_prob"], 6)
    assert picture["texts"][picture["other"][0]][picture["other"][1]] == found.units.document.text[start:end]


def test_margin_curves_tell_each_unit_by_its_distance() -> None:
    found = report()
    (curve,) = pictures("curve", found)
    left, right = (dict(zip(curve["x"], y["values"], strict=True)) for y in curve["ys"])
    losses = found.arrays["losses"][0]
    assert [left[x] for x in (-1, 0, 1, 3)] == [round(losses[0, unit], 6) for unit in (4, 3, 2, 0)]
    assert [right[x] for x in (-1, 0, 1)] == [round(losses[1, unit], 6) for unit in (3, 4, 5)]
    assert right[2] is None  # the text ends before


def test_flips_count_where_each_end_then_stands() -> None:
    query = question("o k o x y o", 6, 9)
    edits = bank(query, [ContextMask(0.5, 0)], 12)
    found = boundary_sensitivity(query, edits=edits, max_rows=10)
    (picture,) = pictures("flips", found)
    n_starts, n = len(picture["starts"]), len(edits)
    counts = {cell["column"]: len(cell["edits"]) for cell in picture["cells"]}
    starts = {one["text"]: counts.get(c, 0) for c, one in enumerate(picture["starts"])}
    hides_k = sum(bool(edit.record()["hidden"].count(1)) for edit in edits.edits)
    assert 0 < hides_k < n and starts == {"o": 0, "x": n - hides_k, "y": hides_k}
    ends = {one["text"]: counts.get(n_starts + c, 0) for c, one in enumerate(picture["ends"])}
    assert ends["y"] == n and len(picture["edits"]) == hides_k
    assert all(edit["then"] == "now Disease “y”" for edit in picture["edits"])
    told = picture["edits"][0]["runs"]
    assert "".join(run["text"] for run in told if run["now"]) == "y"
    assert "".join(run["text"] for run in told if run["was"]) == "x y"


def test_without_edits_there_is_no_flip_map() -> None:
    assert pictures("flips", boundary_sensitivity(question("o k o x y o", 6, 9), edits=0)) == []


def test_contrasts_mark_the_other_end() -> None:
    (picture,) = pictures("contrasts", report())
    found = {row["name"]: row["versus"] for row in picture["rows"]}
    assert picture["own"] == [3, 5]
    assert found["Why it starts here, not one position earlier"] == [2, 5]
    assert found["Why it starts here, not one position later"] == [4, 5]
    assert found["Why it ends here, not one position later"] == [3, 6]


def test_the_curve_over_all_entities_stays_for_several() -> None:
    query = question("o k o x y o", 6, 9)
    both = query.with_targets([Target(Span(6, 9, "Disease")), Target(Span(8, 9, "Disease"))])
    view = boundary_view(boundary_sensitivity(both, edits=0, max_rows=10))
    (curve,) = view["curves"]
    assert min(curve["x"]) >= -5 and max(curve["x"]) <= 10 and len(view["groups"]) == 2
    assert np.array(view["strips"][0]["scores"], dtype=float).shape == (6,)
