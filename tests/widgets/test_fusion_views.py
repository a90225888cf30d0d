"""Views of how something was fused, and of a proof."""

from __future__ import annotations

import json

import numpy as np

import widgets as xw
from explain_lib.core import FusionDetail
from explain_lib.fusion import FusionPrior, FusionProof
from explain_lib.fusion.corpus_scores import gathered
from explain_lib.fusion.prior import ArmPrior
from explain_lib.fusion.programme import Losses
from explain_lib.fusion.proof.judging import Judged
from explain_lib.fusion.quadratic import squared_error
from widgets.report import ReportPanel
from widgets.views.fusion import fusion_detail_view, fusion_proof_view, fusion_view


def detail() -> FusionDetail:
    losses = np.array([[0.4, 0.6, 0.3], [0.2, 0.1, 0.15], [np.nan, np.nan, np.nan]])[:, :, None]
    return FusionDetail(
        ("<b>one</b>", "two"), np.array([[0.25], [0.75]]), np.ones((3, 1)), np.array([[2.0], [0.5]]), losses,
        ("no worse than two",), {"members": 7, "members on edits": 20},
    )  # fmt: skip


def test_how_it_was_fused() -> None:
    view = fusion_detail_view(detail())
    json.dumps(view, allow_nan=False)
    (table,) = view["tables"]
    assert table["caption"] == "Members" and view["notes"][0] == "Members: no worse than two."
    assert table["columns"][:3] == ["member", "weight", "scale"]
    assert table["rows"][1][:6] == ["'two'", 0.75, 0.5, 0.6, 0.1, None]
    assert table["rows"][2][:4] == ["all together", 1.0, None, 0.3]
    assert "members 7, members on edits 20" in view["notes"][-1]


def test_ranks_have_no_scales_and_several_targets_a_table_each() -> None:
    view = fusion_detail_view(FusionDetail(("a",), np.ones((1, 2)), notes=("x", "y")))
    assert [table["caption"] for table in view["tables"]] == ["Target 1", "Target 2"]
    assert view["notes"][:2] == ["Target 1: x.", "Target 2: y."]
    assert view["tables"][0]["columns"] == ["member", "weight"]


def proof() -> FusionProof:
    names = ("a", "fused", "mean")
    figures = np.array([[0.5, 0.4, 0.4, 0.3, np.nan], [0.6, 0.3, 0.3, 0.2, np.nan], [0.55, 0.35, 0.3, 0.2, np.nan]])
    entities = tuple(Judged(names, figures + i / 100, np.array([1.0]), np.zeros(2), "") for i in range(2))
    return FusionProof(entities, ("d0", "d1"), ("a",), np.zeros(0), {"arm": "context", "judged on": ["jitter"]})


def test_a_proof_says_its_verdict_first() -> None:
    view = fusion_proof_view(proof())
    json.dumps(view, allow_nan=False)
    assert view["notes"][0].startswith("stability: a test needs at least 20 documents")
    figures, tests = view["tables"]
    assert figures["rows"][0][0] == "a"
    assert figures["rows"][0][1].startswith("0.505 [")
    assert figures["rows"][0][5] == "not available"
    assert len(tests["rows"]) == 10


def prior() -> FusionPrior:
    truth = np.array([1.0, -1.0])
    faith = squared_error(truth[:, None] * np.array([1.0, 0.5, 0.8, 0.0]), truth)
    scores = gathered([("d", {("Disease", "fever"): np.array([1.0, 2.0, 4.0, 0.1])})])
    arm = ArmPrior(("<b>one</b>", "two"), np.array([0.5, 0.0, 0.5, 0.0]), Losses(faith), "two", scores, 1, 3)
    return FusionPrior({"context": arm}, {"n_documents": 2, "failures": 1})


def test_what_a_corpus_taught() -> None:
    view = fusion_view(prior())
    json.dumps(view, allow_nan=False)
    (table,) = view["tables"]
    assert table["caption"] == "Context: targets 3, documents 1; reference two"
    assert table["columns"] == ["member", "weight", "loss of faithfulness", "loss of stability", "loss at boundaries"]
    names, *columns = zip(*table["rows"], strict=True)
    assert names[2:] == ("mixture of the reference and the corpus", "corpus score", "all together")
    assert columns[0] == (0.5, 0.0, 0.5, 0.0, 1.0)
    assert np.allclose(columns[1], [0, 0.25, 0.04, 1, 0.01])
    assert columns[2] == (None,) * 5
    assert "taught nothing: 1." in " ".join(view["notes"])


def test_all_are_shown_and_saved(tmp_path) -> None:
    for result in (detail(), proof(), prior()):
        assert isinstance(xw.show(result), ReportPanel)
    xw.to_html(detail(), tmp_path / "x.html")
    page = (tmp_path / "x.html").read_text()
    assert "no worse than two" in page
    assert "<b>one</b>" not in page
