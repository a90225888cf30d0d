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
    notes = boundary_view(report())["notes"]
    assert "Disease “x y”: hiding “k” moves its left end: Disease “y”; no smaller set does it." in notes
    query = Query(tagger(), Document("d o y o", id="drug"), [Target(Span(4, 5, "Drug"))])
    said = " ".join(boundary_view(boundary_sensitivity(query, edits=0))["notes"])
    assert "Drug “y”: hiding “d” turns it into Disease “y”; no smaller set does it." in said


def test_every_reason_stands_once_for_what_it_holds_for() -> None:
    (missing,) = [t for t in boundary_view(report())["tables"] if t["caption"] == "Not available"]
    reasons = [(row[0], row[2]) for row in missing["rows"]]
    assert len(set(reasons)) == len(reasons) > 3
    absent = {m.note for m in report().measures if not m.is_available}
    assert {why for _, why in reasons} == absent


def test_the_landscape_marks_the_span_itself_and_the_curve_stays_near() -> None:
    view = boundary_view(report())
    (matrix,) = view["matrices"]
    assert matrix["marked"] == [3, 3] and matrix["rows"][3] == "starts here" and matrix["rows"][6] == "3 earlier"
    (curve,) = view["curves"]
    assert min(curve["x"]) >= -5 and max(curve["x"]) <= 10
    assert np.array(view["strips"][0]["scores"], dtype=float).shape == (6,)
