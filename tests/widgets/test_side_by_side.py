"""Methods side by side: one scale, ties, parts of a fusion, scores of another kind, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from drawn_results import HOSTILE, attribution_of

import explain_lib as xl
from explain_lib.core import Document, FusionDetail, Provenance, Span, Target
from explain_lib.corpora import default_units
from explain_lib.models.token_classification import Tagger
from widgets.side_by_side import SideBySide
from widgets.views.side_by_side import MOST_RANKED, side_by_side_view

TEXT = Document("geen hoest , wel dyspneu , geen koorts", "nl")
TARGET = Target(Span(17, 24, "Symptom"))
ACTIVE = np.array([[True]] * 4 + [[False]] + [[True]] * 3)
STRONG = [3.0, -0.1, 0.0, 9.0, 0.0, 0.0, 2.8, -5.0]


def scored(scores: Any, **changes: Any) -> xl.Attribution:
    return attribution_of(TEXT, [TARGET], scores, **{"active": ACTIVE, **changes})


def units(view: dict[str, Any]) -> list[int]:
    return [row["unit"] for row in view["rows"]]


def test_one_method_and_a_fusion(golden: Callable[[str, Any], None]) -> None:
    parts = np.array([STRONG, [0.0, 0.5, 0, 1, 0, 0, 0, 1]])[:, :, None] * np.array([0.75, 0.25])[:, None, None]
    detail = FusionDetail(
        (xl.Occlusion(), xl.KernelShap()), np.array([[0.75], [0.25]]), scales=np.ones((2, 1)), parts=parts,
        local_share=np.where(ACTIVE, 0.8, 1.0),
    )  # fmt: skip
    fused = scored(parts.sum(axis=0), fusion=detail, method=xl.Fused(detail.members, xl.MeanFusion()), n_evals=20)
    golden("side_by_side", side_by_side_view([scored(STRONG), fused], so_far=[1]))


def test_rows_run_by_size_of_the_first_column_or_as_in_the_text() -> None:
    other = scored([0.0, 0, 4, 0, 0, 0, 0, 0], method=xl.Occlusion())
    assert units(side_by_side_view([scored(STRONG), other])) == [3, 7, 0, 6, 1, 2]
    assert units(side_by_side_view([other, scored(STRONG)])) == [2, 0, 1, 3, 6, 7]
    assert units(side_by_side_view([scored(STRONG), other], by_size=False)) == [0, 1, 2, 3, 6, 7]
    assert units(side_by_side_view([scored(STRONG), other], top=3)) == [3, 7, 2]
    assert side_by_side_view([scored(STRONG)])["rows"][2]["name"] == "geen (1)"


def test_all_bars_share_one_scale() -> None:
    large = scored(np.multiply(STRONG, 3), std_error=np.where(ACTIVE, 0.1, 0.0), method=xl.Occlusion())
    view = side_by_side_view([scored(STRONG), large])
    assert [column["factor"] for column in view["columns"]] == [1, 1]
    assert view["reach"] == pytest.approx(large.interval()[1].max(), abs=1e-6)


def test_units_that_errors_leave_open_are_tied_and_share_ranks() -> None:
    one = scored(STRONG)
    rows = side_by_side_view([one])["rows"]
    ranks = one.ranks(by_size=True)
    assert [row["tied"] for row in rows] == [
        False,
        *(bool(ranks.tied[a, b, 0]) for a, b in pairwise([3, 7, 0, 6, 1])),
    ]
    assert rows[0]["cells"][0]["best"] == 1
    assert rows[2]["tied"] is False or rows[3]["tied"] is True
    assert not any(row["tied"] for row in side_by_side_view([one], by_size=False)["rows"])
    exact = side_by_side_view([scored(STRONG, std_error=np.zeros((8, 1)))])["rows"]
    assert [row["tied"] for row in exact] == [False] * 5
    assert [(row["cells"][0]["best"], row["cells"][0]["worst"]) for row in exact] == [(k, k) for k in range(1, 6)]


def test_attention_and_ranks_are_scaled_and_said_to_be() -> None:
    attention = scored(np.abs(STRONG) / 100, method=xl.AttentionRollout())
    view = side_by_side_view([attention, scored(STRONG)])
    assert [column["factor"] for column in view["columns"]] == [pytest.approx(100), 1]
    assert "AttentionRollout does not count in units of the score" in view["notes"][-1]
    ranked = FusionDetail((xl.Occlusion(),), np.ones((1, 1)), scales=np.full((1, 1), np.nan), parts=np.ones((1, 8, 1)))
    votes = scored(np.sign(STRONG) / 4, fusion=ranked, method=xl.Fused([xl.Occlusion()], xl.RankFusion()))
    assert side_by_side_view([scored(STRONG), votes])["columns"][1]["factor"] == pytest.approx(19.9 / 1.25)
    assert side_by_side_view([attention])["columns"][0]["factor"] == 1
    nothing = side_by_side_view([scored(STRONG), scored(np.zeros(8), method=xl.AttentionRollout())])
    assert nothing["columns"][1]["factor"] == 1


def test_units_that_were_kept_have_no_cell() -> None:
    everywhere = attribution_of(TEXT, [TARGET], np.arange(1.0, 9), method=xl.Occlusion())
    rows = {row["unit"]: row["cells"] for row in side_by_side_view([scored(STRONG), everywhere])["rows"]}
    assert rows[4][0] is None
    assert rows[4][1]["score"] == 5


def test_a_fusion_of_the_library_adds_up(tagger: Tagger, english: Document) -> None:
    query = xl.Query(tagger, english, [Target(Span(19, 32, "Reaction"))])
    members = [xl.explain(query, method, rng=0) for method in (xl.Occlusion(), xl.KernelShap())]
    view = side_by_side_view([*members, xl.fuse(members, query, xl.MeanFusion(), rng=0)])
    assert [member["name"] for member in view["columns"][2]["members"]] == ["Occlusion", "KernelShap"]
    for row in view["rows"]:
        assert sum(row["cells"][2]["parts"]) == pytest.approx(row["cells"][2]["score"], abs=1e-5)


def test_one_target_of_several_is_picked() -> None:
    other = Target(Span(5, 10, "Symptom"))
    both = attribution_of(TEXT, [other, TARGET], np.column_stack([np.zeros(8), STRONG]))
    assert side_by_side_view([both], target=1)["target"].startswith("Symptom “dyspneu”")
    assert units(side_by_side_view([both], target=0)) == []


def test_no_number_and_no_error_are_none_and_many_units_have_no_ranks() -> None:
    cells = side_by_side_view([scored(STRONG, std_error=np.where(ACTIVE, np.nan, 0.0))])["rows"][0]["cells"]
    assert (cells[0]["error"], cells[0]["low"], cells[0]["high"]) == (None, None, None)
    long = Document("w " * (MOST_RANKED + 1), "en")
    view = side_by_side_view([attribution_of(long, [Target(Span(0, 1, "X"))], np.ones(MOST_RANKED + 1))])
    assert "Ranks and ties are not worked out" in view["notes"][-1]
    assert view["rows"][0]["cells"][0]["best"] == 0


def test_strangers_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to show side by side"):
        side_by_side_view([])
    with pytest.raises(ValueError, match="different documents or units"):
        side_by_side_view([scored(STRONG), attribution_of(Document("x y", "nl"), [TARGET], [1, 2])])
    elsewhere = attribution_of(TEXT, [Target(Span(5, 10, "Symptom"))], STRONG)
    with pytest.raises(ValueError, match="Symptom 17–24 and another about Symptom 5–10"):
        side_by_side_view([scored(STRONG), elsewhere])


def test_readers_without_scripts_get_a_table_in_which_text_is_text() -> None:
    document = Document(f"{HOSTILE} koorts", "nl")
    scores = np.arange(1.0, len(default_units(document)) + 1)
    one = attribution_of(document, [Target(Span(0, 1, HOSTILE))], scores, provenance=Provenance(model=HOSTILE))
    html = SideBySide(side_by_side_view([one])).sections()[0].plain
    assert set(re.findall(r"<\s*/?\s*([\w!-]+)", html)) <= {"div", "p", "small", "table", "caption", "tr", "th", "td"}
    assert SideBySide().sections() == []
