"""Reports on the page: measures as tables, heat, matrices and curves as plain values, hostile words as text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from drawn_results import HOSTILE

import widgets as xw
from explain_lib.core import Document, Measure, Provenance, Report, Span, Target, not_available
from explain_lib.corpora import default_units
from widgets.views import report_view
from widgets.views.report_parts import curve, matrix, measures_table, report_parts, strip, table

DOCUMENT = Document("geen hoest , wel dyspneu", "nl", (Span(17, 24, "Symptom"),), id="nl-1")


class SomeReport(Report):
    ARRAYS: ClassVar[tuple[str, ...]] = ()


def report(note: str = "the entity has no interior") -> SomeReport:
    measures = (
        Measure("flips", 0.25, (0.1, np.inf), 20, "share, 0 to 1", False, {"arm": "context", "family": "typos"}),
        Measure("flips", 0.5, None, 20, "share, 0 to 1", False, {"arm": "all units", "family": "typos"}),
        not_available("margin", note, about={"arm": "context", "side": "left"}),
        Measure("documents", 3.0),
    )
    rows = {"the text and the hidden rows": 20, "bounds": 7}
    provenance = Provenance(model="toy", hiding="MaskPiece()")
    return SomeReport(
        default_units(DOCUMENT), (Target(DOCUMENT.spans[0]),), measures, n_evals=rows, provenance=provenance
    )


def drawn() -> dict[str, Any]:
    """Every kind of part, with values that are missing and infinite."""
    units = default_units(DOCUMENT)
    return report_parts(
        "Report",
        ["one note", ""],
        [table("T", ["name", "n", "x", "yes"], [["a", 3, 0.5, True], [None, np.int64(4), math.inf, False]])],
        [strip("S", units, [1.0, -2.0, np.nan, 0.0, 0.25])],
        [matrix("M", ["a", "b"], ["a", "b"], [[1, 0.5], [np.nan, 1]], limits=(0, 1), marked=(0, 1))],
        [curve("C", [0, 1], {"this": [1.0, 0.0]}, {"random": ([0.0, 0.1], [1.0, np.nan])}, "hidden", "probability")],
    )


def test_every_part_is_plain_json(golden: Callable[[str, Any], None]) -> None:
    golden("report_parts", drawn())


def test_any_report_is_a_table_of_its_measures_by_arm(golden: Callable[[str, Any], None]) -> None:
    golden("plain_report", report_view(report()))


def test_what_is_no_report_has_no_view() -> None:
    assert report_view(DOCUMENT) is None


def test_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="the values have shape \\(1, 2\\); \\(2, 2\\) rows and columns were named"):
        matrix("M", ["a", "b"], ["a", "b"], [[1, 2]])
    with pytest.raises(ValueError, match="has not the 3 values that x has"):
        curve("C", [0, 1, 2], {"y": [1, 2]})


def test_show_makes_a_panel_and_plain_tables_stand_behind_it() -> None:
    panel = xw.show(report())
    assert isinstance(panel, xw.ReportPanel)
    assert panel.report == report_view(report())
    bundle = panel._repr_mimebundle_()
    html = (bundle[0] if isinstance(bundle, tuple) else bundle)["text/html"]
    assert "<td>not available, because the entity has no interior</td>" in html
    panel.close()


def test_plain_tables_hold_every_part_and_escape_every_word() -> None:
    html = xw.ReportPanel(drawn())._repr_mimebundle_()[0]["text/html"]
    assert html.count("<table>") == 4
    assert "<td>–</td>" in html and "<td>0.25</td>" in html
    bad = xw.ReportPanel(report_view(report(HOSTILE)))._repr_mimebundle_()[0]["text/html"]
    tags = {"div", "b", "p", "table", "caption", "tr", "th", "td"}
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", bad)) <= tags


def test_a_saved_report_stands_alone(tmp_path: Path) -> None:
    page = xw.to_html(report(HOSTILE), tmp_path / "report.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="state" nonce="[^"]+">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    saved = json.loads(found[1])["sections"][0]["state"]["report"]
    assert saved["tables"][0]["rows"][1][-1].startswith("not available, because </script><img")
    assert "<img" not in page
    assert not re.search(r"https?://(?!www\.w3\.org/)|@import|url\(", page)


def test_a_measures_table_says_which_way_is_better_and_why_a_value_is_missing() -> None:
    view = measures_table(report().select(arm="context"), "Context", leave_out=["arm"])
    assert view["columns"] == ["measure", "family", "side", "value", "95 % interval", "n", "scale", "better", "note"]
    assert view["rows"][0][3:5] == [0.25, "0.1 to inf"]
    assert [row[-2] for row in view["rows"]] == ["lower", ""]
    assert view["rows"][1][3] is None
