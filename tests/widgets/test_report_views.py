"""Stability, boundaries and faithfulness at the desk: their cost is a bound, reports come better and better."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from drawn_results import wait_until

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from widgets import Palette, Status
from widgets.jobs import Jobs
from widgets.workbench.case import read_case
from widgets.workbench.desk import Desk
from widgets.workbench.views import VIEWS
from widgets.workbench.views.boundaries import BoundariesView
from widgets.workbench.views.faithfulness import FaithfulnessView
from widgets.workbench.views.stability import StabilityView

VIEWS_HERE = StabilityView, BoundariesView, FaithfulnessView
FOUND = Span(19, 32, "Reaction")


@pytest.fixture
def desk(tagger: Tagger, english: Document) -> Iterator[Desk]:
    jobs = Jobs(Status())
    made = Desk(tagger, [english], (xl.Occlusion(),), jobs, Palette())
    made.case = read_case(tagger, english)
    made.entity = made.case.spans.index(FOUND)
    yield made
    jobs.close()


def test_they_are_on_the_strip() -> None:
    assert set(VIEWS_HERE) <= set(VIEWS)


@pytest.mark.parametrize("view", VIEWS_HERE, ids=lambda view: view.__name__)
def test_a_view_says_its_cost_asks_nothing_and_then_shows_pictures(desk: Desk, view: Any) -> None:
    query = desk.query()
    assert query is not None
    before, made = query.n_evals, view(desk)
    made.refresh()
    assert made.line.value.startswith("At most") and query.n_evals == before
    assert made.panel.report == {}
    made.ask()
    wait_until(lambda: made.button.description == "Run again")
    groups = made.panel.report["groups"]
    assert len(groups) == 1 and len(groups[0]["pictures"]) >= 4
    assert "severe lesion" in groups[0]["title"]


@pytest.mark.parametrize("view", VIEWS_HERE, ids=lambda view: view.__name__)
def test_reports_come_better_and_better_and_the_cost_is_a_bound(desk: Desk, view: Any) -> None:
    query, made = desk.query(), view(desk)
    assert query is not None
    bound = int(re.findall(r"At most (\d+)", made._cost(query, desk.method))[0])
    reports = list(made._run(query, desk.method, lambda done, total: None))
    rows = [sum(report.n_evals.values()) for report in reports]
    assert len(reports) >= 2 and rows == sorted(rows) and rows[0] < rows[-1]
    if view is StabilityView:  # its cost counts explanations
        assert rows[-1] <= bound * query.cost(desk.method, is_timed=False).rows + 128 + 20
    else:
        known = query.cost(desk.method, is_timed=False).rows
        assert rows[-1] - reports[-1].n_evals.get("passes at embeddings", 0) <= bound + known


def test_the_last_report_is_that_of_the_library(desk: Desk) -> None:
    query = desk.query()
    assert query is not None
    *_, last = StabilityView(desk)._run(query, desk.method, lambda done, total: None)
    same = xl.stability(xl.Query(desk.model, desk.documents[0], targets=[desk.target]).context(), desk.method)
    ours, theirs = ([one.value for one in report.select("stability")] for report in (last, same))
    assert ours == pytest.approx(theirs, nan_ok=True)
