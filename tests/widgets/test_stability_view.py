"""Stability on the page: the headline never without its noise and its faithfulness, hostile words as text."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drawn_results import HOSTILE

import widgets as xw
from explain_lib.analysis import StabilityReport
from explain_lib.core import Document, Measure, Provenance, Span, Target, not_available
from explain_lib.corpora import default_units
from widgets.views import report_view

TEXT = "geen hoest , wel dyspneu"


def report(text: str = TEXT) -> StabilityReport:
    """Two edits of two families, one of which changed the prediction."""
    document = Document(text, "nl", id="nl-1")
    units = default_units(document)
    target = Target(Span(*units.bounds[-1].tolist(), "Symptom"))
    about = {"target": target.name, "arm": "context", "method": "M()"}
    everything = {**about, "family": "all families"}
    measures = (
        Measure("kept", 0.5, None, 2, "share", None, everything, "edits that are compared"),
        Measure("flips", 0.5, None, 2, "share", False, everything),
        Measure("stability", 0.8, (0.6, 1.0), 1, "similarity", True, everything),
        Measure("noise_arm", 1.0, (1.0, 1.0), 1, "similarity", True, everything, "not drawn"),
        Measure("cosine", 0.9, None, 1, "-1 to 1", True, everything),
        not_available("local_lipschitz", "no edit moves the embeddings", about=everything),
        not_available("stability", "every edit (1) changes what the model says", about={**about, "family": "mask"}),
        Measure("infidelity", 2.5, (2.0, 3.0), 128, "squared log-odds", False, about),
        Measure("explained share", 0.7, None, 128, "share", True, about),
        Measure("explained share, the same score everywhere", 0.6, None, 128, "share", True, about),
        not_available("explained share, all on the span's own units", "none may be hidden", about=about),
    )
    shape = (1, len(units), 1)
    scores = np.arange(len(units), dtype=float).reshape(shape)
    after = np.stack([scores[0] * 2, np.full_like(scores[0], np.nan)])[None]
    arrays = {
        "edit_scores": after,
        "scores": scores, "spread": scores / 10, "noise_spread": 0 * scores, "by_edit": [[[0.8], [np.nan]]],
        "noise_by_edit": [[[1.0], [np.nan]]], "n_compared": [[[3], [0]]], "kept": [[True], [False]], "family": [0, 1],
    }  # fmt: skip
    first = units.bounds[0].tolist()
    edits = [
        {"family": "words", "changes": [{"start": first[0], "end": first[1], "text": "wat"}]},
        {"family": "mask", "hidden": [1]},
    ]
    details = {
        "arms": ["context"], "families": ["words", "mask"], "edits": edits, "drawn": {"words": 4, "mask": 1},
        "rejected": {"words": {"an entity is cut": 3}}, "unavailable": {"swap": "the text gives no occasion"},
        "failed": [], "method": "M()",
    }  # fmt: skip
    provenance = Provenance(model="toy", hiding="MaskPiece()")
    return StabilityReport(units, (target,), measures, arrays, details, {"explanations of edits": 40}, provenance)


def test_stability_is_plain_json(golden: Callable[[str, Any], None]) -> None:
    golden("stability", report_view(report()))


def test_words_of_the_text_stay_text() -> None:
    page = json.dumps(report_view(report(f"{HOSTILE} hoest")))
    assert "\\u202e" not in page and "\\u2028" not in page


def test_a_report_can_be_shown_and_saved(tmp_path: Any) -> None:
    assert xw.show(report()) is not None
    xw.to_html(report(), tmp_path / "stability.html")
    assert "Stability by edit" in (tmp_path / "stability.html").read_text(encoding="utf-8")


def test_a_report_without_edits_says_so() -> None:
    one = report()
    arrays = {name: array[:, :0] if array.ndim > 2 and "by" in name else array for name, array in one.arrays.items()}
    arrays |= {"by_edit": np.zeros((1, 0, 1)), "kept": np.zeros((0, 1), bool), "family": np.zeros(0, int)}
    arrays["edit_scores"] = np.zeros((1, 0, 5, 1))
    bare = StabilityReport(one.units, one.targets, one.measures, arrays, {**one.details, "edits": [], "families": []})
    view = report_view(bare)
    assert view["matrices"] == [] and "edits" not in [one["kind"] for one in view["groups"][0]["pictures"]]


def picture(kind: str, text: str = TEXT) -> dict[str, Any]:
    (found,) = (one for one in report_view(report(text))["groups"][0]["pictures"] if one["kind"] == kind)
    return found


def test_every_edit_has_its_value_its_fate_and_its_difference() -> None:
    first, second = picture("edits")["edits"]
    assert (first["value"], first["fate"], second["value"], second["fate"]) == (0.8, "compared", None, "flipped")
    assert first["regions"] == [{"at": 0, "until": 1, "runs": [["del", "geen", -1], ["ins", "wat", -1]]}]
    assert second["hidden"] == [1] and second["scores"] is None
    assert first["scores"] == [0.0, 2.0, 4.0, 6.0, 8.0]  # what the edited text's words score


def test_families_show_their_median_and_the_noise_arm() -> None:
    assert picture("edits")["families"] == [
        {"name": "words", "median": 0.8, "noise": [1.0, 1.0]}, {"name": "mask", "median": None, "noise": None},
    ]  # fmt: skip


def test_a_long_text_is_shown_around_its_entity() -> None:
    edits = picture("edits", "geen hoest " + "en dan " * 500 + "dyspneu")
    assert len(edits["text"]["units"]) == len(edits["scores"]) == 400
    assert edits["text"]["is_cut"] and edits["text"]["first"] + 400 == edits["own"][1]
    assert edits["edits"][0]["regions"] == [] and edits["edits"][1]["hidden"] == []  # both lie outside what is shown


def test_the_lead_never_gives_stability_without_its_noise_and_faithfulness() -> None:
    first, second = report_view(report())["groups"][0]["lead"]
    assert "0.8 (0.6 to 1)" in first and "other seeds: 1 (1 to 1)" in first and "1 of 2 edits change" in first
    assert second == "It explains 0.7 of the score's changes; the same score for every word explains 0.6."


def test_controls_stand_in_the_row_of_the_share() -> None:
    beside = report_view(report())["tables"][1]
    (row,) = [
        dict(zip(beside["columns"], each, strict=True)) for each in beside["rows"] if each[1] == "explained share"
    ]
    assert (row["value"], row["same score everywhere"], row["all on own units"]) == (0.7, 0.6, None)


@pytest.mark.parametrize("name", ["stability", "noise_arm"])
def test_the_headline_is_in_the_first_table(name: str) -> None:
    first = report_view(report())["tables"][0]
    assert name.replace("_", " ") in first["columns"] and first["rows"][0][2] == 0.8
