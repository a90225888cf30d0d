"""The desk: what is asked about, where to go next, and what is known of each selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import explain_lib as xl
from explain_lib.core import Document, Span, Target
from explain_lib.models.token_classification import Tagger
from widgets import Palette, Status
from widgets.jobs import Jobs
from widgets.workbench.case import read_case
from widgets.workbench.desk import Desk, as_documents

FOUND = Span(19, 32, "Reaction")


@pytest.fixture
def desk(tagger: Tagger, english: Document, chinese: Document) -> Iterator[Desk]:
    jobs = Jobs(Status())
    made = Desk(tagger, [english, chinese], (xl.PermutationShap(), xl.Occlusion()), jobs, Palette())
    made.case = read_case(tagger, english)
    made.entity = made.case.spans.index(FOUND)
    yield made
    jobs.close()


@pytest.mark.parametrize("arm", ["context", "all units"])
def test_a_selection_is_asked_about_as_the_library_does(
    desk: Desk, tagger: Tagger, english: Document, arm: Any
) -> None:
    desk.arm = arm
    query = desk.query()
    assert query is not None
    plain = xl.Query(tagger, english, targets=[xl.Target(FOUND)])
    same = xl.explain(plain.context() if arm == "context" else plain, xl.PermutationShap(), rng=0)
    assert np.array_equal(xl.explain(query, xl.PermutationShap(), rng=0).scores, same.scores)


def test_a_question_changes_the_target_and_falls_back_where_it_cannot_be_asked(desk: Desk) -> None:
    assert desk.target == Target(FOUND)
    desk.question = "an entity at all"
    assert desk.target == Target(FOUND, versus=xl.NO_ENTITY)
    desk.question = "nothing of the kind"
    assert desk.target == Target(FOUND)
    desk.entity = -1
    assert desk.target is None
    assert desk.query() is None
    assert desk.questions() == {}


def test_results_are_known_by_model_text_target_arm_and_key(desk: Desk) -> None:
    desk.keep("note", "one", xl.Occlusion())
    assert desk.known("note", xl.Occlusion()) == "one"
    assert desk.known("note") is None
    assert desk.known("other", xl.Occlusion()) is None
    desk.arm = "all units"
    assert desk.known("note", xl.Occlusion()) is None
    desk.arm = "context"
    desk.question = "an entity at all"
    assert desk.known("note", xl.Occlusion()) is None


def test_going_to_an_entity_of_this_and_of_another_document(desk: Desk, chinese: Document) -> None:
    disease = Span(19, 32, "Disease")
    desk.select(0, disease)
    assert desk.case is not None
    assert desk.case.spans[desk.entity] == disease
    desk.select(1, chinese.spans[0])
    assert desk.document == 1
    case = read_case(desk.model, chinese)
    assert case.spans[desk.first(case)] == chinese.spans[0]
    assert desk.first(case) == case.surest()  # the wish is fulfilled once
    with pytest.raises(ValueError, match="there is no document 2; there are 2, counted from 0"):
        desk.select(2)


def test_a_span_with_another_label_is_better_than_none_and_an_unknown_one_is_none(desk: Desk) -> None:
    desk.select(0, Span(19, 32, "Sauce"))
    assert desk.case is not None
    assert desk.case.spans[desk.entity].parts == FOUND.parts
    desk.select(0, Span(0, 2, "Disease"))
    assert desk.entity == -1


def test_documents_without_an_id_get_one_of_their_text() -> None:
    first, again, other = as_documents([Document("a b"), Document("a b", "nl"), Document("c", id="mine")])
    assert first.id == again.id != ""
    assert other.id == "mine"
    assert as_documents("a b")[0].id == first.id
