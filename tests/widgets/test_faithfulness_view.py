"""Views of faithfulness and of agreement: figures beside their controls, curves with bands, matrices, honest gaps."""

from __future__ import annotations

import re
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import widgets as xw
from explain_lib.attribution import Exact, Occlusion, explain
from explain_lib.core import Document, Span, Target
from explain_lib.evaluation import FaithfulnessReport, FaithfulnessSettings, agreement, faithfulness
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation import Query
from widgets.views.agreement import agreement_view
from widgets.views.faithfulness import faithfulness_view

FEW = FaithfulnessSettings(rows=8, random_rows=8, thresholds=(20, 50))


@pytest.fixture
def report(tagger: Tagger) -> FaithfulnessReport:
    document = Document("No fever but a lesion .", "en")
    query = Query(tagger, document, targets=[Target(Span(15, 21, "Disease"))])
    return faithfulness(explain(query, Exact()), query, settings=FEW)


def rounded(value: Any) -> Any:
    """Numbers in five digits: what differs between machines is not what is shown."""
    if isinstance(value, float):
        return float(f"{value:.5g}") if abs(value) > 1e-9 else 0.0
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, str):
        return re.sub(r"−?\d(\.\d+)?e−(1\d|[2-9]\d)", "0", value)
    return [rounded(one) for one in value] if isinstance(value, list) else value


def test_a_row_holds_a_measure_and_its_controls(report: FaithfulnessReport) -> None:
    view = faithfulness_view(report)
    assert [table["caption"] for table in view["tables"]] == [
        "Disease “lesion”, context",
        "Disease “lesion”, all units",
    ]
    table = view["tables"][1]
    assert table["columns"] == [
        "measure", "value", "95 %", "random", "own units", "nothing", "best order", "worst order", "scale", "better",
        "note",
    ]  # fmt: skip
    rows = {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}
    assert len(rows) == 2 * 3 + 2 * 2 + 4 + 1
    area = rows["area over the deletion curve"]
    best = report.measure("area over the deletion curve, best order", arm="all units").value
    assert area["best order"] == f"{best:.3g}" and area["better"] == "higher"
    assert rows["infidelity"]["nothing"] == f"{report.measure('infidelity, all scores 0', arm='all units').value:.3g}"
    assert " to " in rows["NAOPC comprehensiveness"]["random"]


def test_the_whole_view_is_plain_json(report: FaithfulnessReport, golden: Callable[[str, Any], None]) -> None:
    golden("faithfulness", rounded(faithfulness_view(report)))


def test_curves_hold_the_attribution_its_controls_and_the_band(report: FaithfulnessReport) -> None:
    groups = faithfulness_view(report)["groups"]
    assert [group["title"] for group in groups] == ["Disease “lesion”, context", "Disease “lesion”, all units"]
    curves = [one for group in groups for one in group["pictures"] if one["kind"] == "curve"]
    assert [curve["caption"].split(": ")[0] for curve in curves] == ["Deletion", "Insertion"] * 2
    names = [[y["name"] for y in curve["ys"]] for curve in curves]
    assert "own units first" not in names[0] and "own units first" in names[2]
    assert names[0][-2:] == ["worst order found", "best order found"]
    assert curves[0]["y_label"] == "probability"
    assert curves[0]["x"] == [0, 1, 2, 3, 4, 5]


def test_the_gauge_puts_the_best_order_at_1_on_both_sides(report: FaithfulnessReport) -> None:
    group = faithfulness_view(report)["groups"][1]
    gauge = group["pictures"][0]
    rows = {row["name"]: row for row in gauge["rows"] if row["role"] == "main"}
    hide, keep = (
        report.measure(f"NAOPC {kind}", arm="all units").value for kind in ("comprehensiveness", "sufficiency")
    )
    assert rows["hide the highest scores first"]["value"] == round(hide, 6)
    assert rows["keep the highest scores only"]["value"] == round(1 - keep, 6)
    controls = [row["name"] for row in gauge["rows"] if row["role"] == "control"]
    assert controls == ["random orders", "own words first"] * 2
    control = next(row for row in gauge["rows"][3:] if row["name"] == "random orders")
    low, high = report.measure("NAOPC sufficiency, random order", arm="all units").interval or (0, 0)
    assert (control["low"], control["high"]) == (round(1 - high, 6), round(1 - low, 6))


def test_areas_stand_in_where_no_order_was_searched(tagger: Tagger) -> None:
    query = Query(tagger, Document("No fever but a lesion .", "en"), targets=[Target(Span(15, 21, "Disease"))])
    few = replace(FEW, most_bounded=2)
    group = faithfulness_view(faithfulness(explain(query, Exact()), query, settings=few))["groups"][0]
    assert group["pictures"][0]["caption"].startswith("Area over the curves") and "Area" in group["lead"][0]


def test_an_arm_without_anything_says_why_and_has_no_curves(tagger: Tagger) -> None:
    query = Query(tagger, Document("lesion", "en"), targets=[Target(Span(0, 6, "Disease"))])
    view = faithfulness_view(faithfulness(explain(query, Exact()), query, settings=FEW))
    why = "not available, because no unit may be hidden: the span is as long as the text"
    assert view["tables"][0]["rows"] == [["all", why]]
    assert len(view["groups"]) == 1 and len(view["strips"]) == 1


def test_agreement_is_a_matrix_for_each_kind(tagger: Tagger) -> None:
    query = Query(tagger, Document("No fever but a lesion .", "en"), targets=[Target(Span(15, 21, "Disease"))])
    one = explain(query, Occlusion())
    other = replace(one, scores=np.arange(6.0)[:, None])
    view = agreement_view(agreement([one, other]))
    assert len(view["matrices"]) == 8
    assert view["matrices"][0]["rows"] == ["Occlusion(window=1)", "Occlusion(window=1) (2)"]
    assert view["matrices"][0]["caption"] == "Disease “lesion”, context: agreement, all four measures"
    assert len(view["tables"][0]["rows"]) == 8
    json.dumps(view, allow_nan=False)


def test_show_draws_them(report: FaithfulnessReport) -> None:
    panel = xw.show(report)
    assert panel.report == faithfulness_view(report)
    panel.close()
