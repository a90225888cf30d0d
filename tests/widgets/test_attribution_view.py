"""The view of attributions: others beside the method on the desk, costs said before, fused, cancelled and gone on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.attribution import Estimate
from explain_lib.core import Document
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation import Game, Query
from widgets import Workbench
from widgets.workbench.views.attribution import AttributionView

METHODS = (xl.PermutationShap(), xl.Occlusion(), xl.KernelShap())


def opened(bench: Workbench) -> AttributionView:
    wait_until(lambda: bench.result is not None and bench.panel.status.kind == "idle", seconds=60)
    view = bench.views["Attribution"]
    assert isinstance(view, AttributionView)
    return view


@pytest.fixture
def bench(tagger: Tagger, english: Document) -> Iterator[Workbench]:
    made = Workbench(tagger, english, methods=METHODS)
    yield made
    made.close()


def names(view: AttributionView) -> list[str]:
    return [column["name"] for column in view.bars.view["columns"]]


def test_others_are_shown_beside_the_method_once_they_were_asked_for(bench: Workbench) -> None:
    view = opened(bench)
    assert names(view) == ["PermutationShap"]
    assert (view.others[0].disabled, view.run.disabled, view.fuse.disabled) == (True, True, True)
    view.others[1].value = view.others[2].value = True
    assert "Occlusion: 14 rows (" in view.line.value
    assert "KernelShap: 240 rows (" in view.line.value
    assert names(view) == ["PermutationShap"]
    view.run.click()
    wait_until(lambda: bench.panel.status.message == "Explained with 2 more methods.", seconds=60)
    assert names(view) == ["PermutationShap", "Occlusion", "KernelShap"]
    assert not any(column["so_far"] for column in view.bars.view["columns"])
    assert view.run.disabled
    query = bench.desk.query()
    assert query is not None
    fresh = xl.explain(query, xl.KernelShap(), rng=0).scores[:, 0]
    shown = {row["unit"]: row["cells"][2]["score"] for row in view.bars.view["rows"]}
    assert all(score == pytest.approx(fresh[unit], abs=1e-6) for unit, score in shown.items())
    (matrix,) = view.agreement.report["matrices"]
    assert matrix["rows"] == ["PermutationShap", "Occlusion", "KernelShap"]
    view.others[2].value = False
    assert names(view) == ["PermutationShap", "Occlusion"]


def test_what_is_shown_is_fused_at_a_cost_that_was_said(bench: Workbench) -> None:
    view = opened(bench)
    view.others[1].value = True
    view.run.click()
    wait_until(lambda: not view.fuse.disabled, seconds=60)
    bound = int(view.fuse_line.value.split("at most ")[1].split(" ")[0])
    view.fuse.click()
    wait_until(lambda: bench.panel.status.message == "Fused.", seconds=60)
    assert names(view)[-1] == "Fused"
    column, query = view.bars.view["columns"][-1], bench.desk.query()
    assert query is not None
    members = [xl.explain(query, method, rng=0) for method in METHODS[:2]]
    fused = xl.fuse(members, query, xl.JointFusion(), rng=0)
    assert [member["weight"] for member in column["members"]] == [
        pytest.approx(w, abs=1e-6) for w in fused.fusion.weights[:, 0]
    ]
    assert fused.n_evals <= bound + sum(member.n_evals for member in members)
    assert view.detail.report["title"] == "How it was fused"
    assert view.fuse.disabled
    assert view.fuse_line.value == ""


def test_the_unit_under_the_cursor_is_that_of_the_desk(bench: Workbench) -> None:
    view = opened(bench)
    view.bars.set_state({"cursor": 5})
    assert bench.desk.unit == 5
    bench.desk.unit = 2
    assert view.bars.cursor == 2


def test_units_are_shown_as_they_stand_in_the_text(bench: Workbench) -> None:
    view = opened(bench)
    view.order.value = False
    shown = [row["unit"] for row in view.bars.view["rows"]]
    assert shown == sorted(shown)


@dataclass(frozen=True)
class Long:
    """A method that asks for one row at a time, for minutes."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        assert isinstance(question, Query)
        for _ in range(10_000):
            time.sleep(0.01)
            question.value((rng.random((1, question.n_units)) < 0.5) | ~question.active)
        raise AssertionError("nobody cancelled")


def test_after_cancel_what_came_stays_and_the_rest_can_be_asked_for_again(tagger: Tagger, english: Document) -> None:
    bench = Workbench(tagger, english, methods=(xl.PermutationShap(), xl.Occlusion(), Long()))
    view = opened(bench)
    view.others[1].value = view.others[2].value = True
    view.run.click()
    wait_until(lambda: "Occlusion" in names(view), seconds=60)
    bench.panel.status.set_state({"cancelled": 1})
    wait_until(lambda: bench.panel.status.message.startswith("Cancelled"), seconds=60)
    assert names(view) == ["PermutationShap", "Occlusion"]
    assert not view.run.disabled
    assert view.line.value == "Long: cost not known before it runs"
    bench.close()


def test_results_from_a_store_can_be_fused(tagger: Tagger, english: Document, tmp_path: Path) -> None:
    first = Workbench(tagger, english, methods=METHODS, store=tmp_path / "kept")
    view = opened(first)
    view.others[1].value = True
    view.run.click()
    wait_until(lambda: not view.fuse.disabled, seconds=60)
    first.close()
    again = Workbench(tagger, english, methods=METHODS, store=tmp_path / "kept")
    view = opened(again)
    view.others[1].value = True
    assert names(view) == ["PermutationShap", "Occlusion"]
    view.fuse.click()
    wait_until(lambda: again.panel.status.message == "Fused.", seconds=60)
    assert names(view)[-1] == "Fused"
    again.close()
