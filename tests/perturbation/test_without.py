"""A query about the text without some units, and about the same text under another view of the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explain_lib.attribution import Exact, IntegratedGradients, KernelShap, Occlusion, explain
from explain_lib.core import Document, Span, Target, data_folder
from explain_lib.models import load_model
from explain_lib.models.toy import linear_tagger, planted_tagger
from explain_lib.perturbation import Delete, Query

DOCUMENT = Document("pt denies chest pain but reports severe itch on both arms")
ITCH = Target(Span(40, 44, "Disease"))


@pytest.fixture(scope="module")
def query() -> Query:
    return Query(load_model(data_folder("models", "medical-ner"), dtype="float32"), DOCUMENT, targets=[ITCH])


def hidden(query: Query, *units: int) -> np.ndarray:
    return np.isin(np.arange(query.n_units), units)


def test_hidden_units_are_hidden_in_every_row_and_score_zero(query: Query) -> None:
    gone = hidden(query, 1, 3)
    less = query.without(gone)
    keep = np.random.default_rng(0).random((6, query.n_units)) < 0.5
    np.testing.assert_array_equal(less.value(keep), query.value(keep & ~gone))
    np.testing.assert_array_equal(less.active, query.active & ~gone)
    np.testing.assert_array_equal(less.full_row, ~gone)
    found = explain(less, Occlusion())
    assert not found.scores[gone].any() and not found.active[gone].any()
    np.testing.assert_array_equal(found.full_value, query.value(~gone[None])[0])


def test_rows_are_shared_with_the_query_it_came_from(query: Query) -> None:
    keep = np.random.default_rng(1).random((5, query.n_units)) < 0.5
    gone = hidden(query, 0, 5)
    query.value(keep & ~gone)
    known = query.n_evals
    query.without(gone).value(keep)
    assert query.n_evals == known


def test_it_lasts_through_every_other_variant(query: Query) -> None:
    gone = hidden(query, 2)
    less = query.without(gone)
    both = less.without(hidden(query, 4))
    assert not both.active[4]
    for varied in (less.context(), less.with_score("log_prob"), less.with_targets([ITCH]), both):
        assert not varied.active[2] and not varied.full_row[2]


def test_gradients_start_from_the_text_without_them(query: Query) -> None:
    gone = hidden(query, 1, 3, 4)
    found = explain(query.without(gone), IntegratedGradients(64))
    assert not found.scores[gone].any()
    np.testing.assert_allclose(found.completeness_gap, 0, atol=0.02)
    np.testing.assert_allclose(found.full_value, query.value(~gone[None])[0], atol=1e-4)


def test_exact_scores_are_those_of_the_smaller_game() -> None:
    model = linear_tagger().tagger
    document = Document("the patient has severe headache")
    span = Target(Span(23, 31, model.labels[0]))
    query = Query(model, document, targets=[span])
    less = explain(query.without(hidden(query, 0)), Exact())
    again = explain(query.without(hidden(query, 0)), KernelShap(64))
    assert less.scores[0] == 0
    np.testing.assert_allclose(less.completeness_gap, 0, atol=1e-9)
    np.testing.assert_allclose(again.scores, less.scores, atol=1e-8)


def test_what_no_row_may_hide_cannot_be_taken_away(query: Query) -> None:
    own = query.units.inside(ITCH.span)
    with pytest.raises(ValueError, match="the context arm keeps the entity's own units"):
        query.context().without(own)
    with pytest.raises(ValueError, match="cannot remove units of a target"):
        Query(query.model, DOCUMENT, targets=[ITCH], hiding=Delete()).without(own)
    with pytest.raises(TypeError, match="bool"):
        query.without(np.arange(query.n_units))


def test_looking_into_the_model_needs_a_row_of_the_same_length(query: Query) -> None:
    less = Query(query.model, DOCUMENT, targets=[ITCH], hiding=Delete()).without(hidden(query, 0))
    with pytest.raises(ValueError, match="makes no single row of the same length"):
        explain(less, IntegratedGradients(4))


def test_another_view_of_the_model_has_rows_of_its_own(query: Query) -> None:
    other = query.on_model(replace(query.model, name="a view"))
    assert other.n_evals == 0 and other.targets == query.targets and other.units is query.units
    keep = np.ones((1, query.n_units), dtype=bool)
    np.testing.assert_allclose(other.value(keep), query.value(keep), atol=1e-5)
    with pytest.raises(ValueError, match="reads this text in other pieces"):
        query.on_model(planted_tagger().tagger)
