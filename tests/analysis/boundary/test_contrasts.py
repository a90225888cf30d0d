"""Contrastive attributions are those of `explain`, judged on fresh rows and explained again under edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rule_model import question
from test_flips import bank, flips, hide, write

from explain_lib.analysis.boundary.contrast_stability import ContrastStability, _similarity
from explain_lib.analysis.boundary.contrasts import MOVES, N_ROWS, Contrasts
from explain_lib.analysis.boundary.drawn_edits import DrawnEdits
from explain_lib.analysis.boundary.entity import Entity
from explain_lib.analysis.boundary.fate import Fate
from explain_lib.analysis.boundary.flips import Flips
from explain_lib.analysis.boundary.landscape import Landscape
from explain_lib.attribution import Exact, GradientInput, KernelShap, Occlusion, PermutationShap, explain
from explain_lib.core import Document, Prediction, Span, Target, longer
from explain_lib.models import toy
from explain_lib.perturbation import Query
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.streams import stream
from explain_lib.statistics import corrected_similarity

QUERY = question("k o x y o o", 4, 7)
SPAN, LEAVE_ONE_OUT = QUERY.targets[0].span, Occlusion()


def contrasts(query=QUERY, method=LEAVE_ONE_OUT, rng=0):
    return Contrasts.of(Landscape.of(Entity(query), 1), method, rng)


@pytest.mark.parametrize("method", [Exact(), KernelShap(budget=40), GradientInput()])
def test_they_are_the_attributions_of_the_four_contrasts(method):
    found = contrasts(method=method)
    targets = [Target(SPAN, None, versus) for versus in
               (longer(left=1), longer(left=-1), longer(right=1), longer(right=-1))]  # fmt: skip
    expected = explain(QUERY.with_targets(targets), method, 0)
    np.testing.assert_array_equal(found.attribution.scores, expected.scores)
    assert found.moves == MOVES and found.attribution.targets == tuple(targets)
    values = [m.value for m in found.measures() if m.name == "contrast"]
    np.testing.assert_array_equal(values, expected.full_value)


def test_the_reason_to_start_here_is_the_key():
    found = contrasts(method=Exact())
    later = next(one for one in found.strongest() if one["versus"] == "not one position later")
    assert {unit["text"] for unit in later["units"][:2]} == {"k", "x"}


def test_mass_and_fit_by_hand():
    found = contrasts()
    measures = {(m.name, m.about["side"], m.about["versus"]): m for m in found.measures()}
    scores = np.abs(found.attribution.scores[:, 1])
    mass = measures["boundary mass", "left", "not one position later"]
    assert mass.value == pytest.approx(scores[[1, 2]].sum() / scores.sum() * 6 / 2)
    keep = evaluation_rows(found.query, N_ROWS, 0)
    changes = found.query.value(np.ones((1, 6), dtype=bool)) - found.query.value(keep)
    told = (~keep).astype(float) @ found.attribution.scores
    for at, move in enumerate(MOVES):
        scale = (told[:, at] @ changes[:, at]) / (told[:, at] @ told[:, at])
        r2 = 1 - ((changes[:, at] - scale * told[:, at]) ** 2).sum() / (changes[:, at] ** 2).sum()
        assert measures["contrast faithfulness", move.side, move.words].value == pytest.approx(r2)


def test_moves_that_the_text_has_no_room_for_are_not_available():
    found = contrasts(question("y o", 0, 1))
    assert [(move.side, move.step) for move in found.moves] == [("right", 1)]
    notes = [m.note for m in found.measures() if not m.is_available]
    assert len(notes) == 9 and set(notes) == {"the model has no such span here"}
    alone = contrasts(question("y", 0, 1))
    assert alone.attribution is None and not alone.strongest() and len(list(alone.measures())) == 12


def stability(edits, method=LEAVE_ONE_OUT, n=20, query=QUERY):
    found = contrasts(query, method)
    return found, ContrastStability.of(found, flips(query, edits), n, 0)


def test_only_edits_that_keep_the_entity_count_and_only_units_they_left_alone():
    edits = [hide(QUERY, 5), hide(QUERY, 0), write(QUERY, 10, 11, "k")]
    found, result = stability(edits)
    assert result.similarities.shape == (2, 4) and result.n_tried == 3
    (first, *_) = result.measures()
    assert first.note == "2 of 3 edits keep the entity" and first.n == 2
    after = explain(found.query.without(np.arange(6) == 5), Occlusion(), 0)
    there = np.arange(6) < 5
    expected = corrected_similarity(found.attribution.scores.T, after.scores.T, np.tile(there, (4, 1)), 0)
    np.testing.assert_allclose(result.similarities[0], expected, atol=0.1)  # shuffled otherwise
    assert result.similarities[0] == pytest.approx(1, abs=1e-6)  # hiding an o changes nothing


def test_hidden_units_are_left_out_exactly():
    text = "de patient heeft ernstige hoofdpijn na koorts ."
    query = Query(toy.linear_tagger(0).tagger, Document(text), [Target(Span(17, 35, "Disease"))])
    found = contrasts(query)
    edit = hide(query, 2, 5)
    fate = Fate.of(Span(17, 35, "Disease"), Prediction((Span(17, 35, "Disease"),), np.ones(1)))
    drawn = DrawnEdits.of(query, bank(query, [edit]), 0)
    result = ContrastStability.of(found, Flips(Entity(query), drawn, (fate,), fate), 5, 0)
    after = explain(found.query.without(edit.hidden), Occlusion(), 0)
    draws = stream(0, "chance correction")
    expected = corrected_similarity(found.attribution.scores.T, after.scores.T, np.tile(~edit.hidden, (4, 1)), draws)
    np.testing.assert_array_equal(result.similarities[0], expected)
    everywhere = corrected_similarity(found.attribution.scores.T, after.scores.T, None, stream(0, "chance correction"))
    assert (np.abs(expected - everywhere) > 0.01).any()


def test_units_that_one_side_may_not_hide_are_left_out():
    """As where the edited text is read in another window: the unit scores 0 there, which is no change of reasons."""
    edit, found = hide(QUERY, 5), contrasts()
    edited = found.query.without(edit.hidden)
    after = explain(edited, Occlusion(), 0)
    cut = replace(
        after, active=after.active & (np.arange(6) > 0)[:, None], scores=after.scores * (np.arange(6) > 0)[:, None]
    )
    similar = _similarity(found, edit, edited, cut, stream(0, "chance correction"))
    there = np.tile((np.arange(6) > 0) & ~edit.hidden, (4, 1))
    draws = stream(0, "chance correction")
    expected = corrected_similarity(found.attribution.scores.T, after.scores.T, there, draws)
    np.testing.assert_array_equal(similar, expected)
    assert similar == pytest.approx(1, abs=1e-6)  # hiding an o changes nothing


def test_the_edited_text_has_a_seed_of_its_own():
    method = PermutationShap(budget=24)
    _, result = stability([hide(QUERY, 5)], method)
    assert (result.similarities < 1 - 1e-6).any()  # one shared seed would draw alike
    assert result.n_evals > 0


def test_no_edits_say_so():
    for edits, n, why in (([], 5, "no label-keeping"), ([hide(QUERY, 1)], 0, "no label-keeping"),
                          ([hide(QUERY, 0)], 5, "0 of 1 edits keep")):  # fmt: skip
        _, result = stability(edits, n=n)
        assert all(why in m.note and not m.is_available for m in result.measures())


def test_a_method_that_fails_on_an_edit_is_not_an_edit_that_loses_the_entity():
    budget = 4 * QUERY.n_units
    _, result = stability([write(QUERY, 10, 11, "o o o")], KernelShap(budget))
    (first, *_) = result.measures()
    assert not first.is_available and "1 of 1 edits keep the entity; on some of them the method failed (" in first.note
    assert f"KernelShap got {budget} rows" in first.note


def test_nothing_to_compare_is_told_from_nothing_kept():
    entity = question("k o x y", 4, 7).context()
    _, result = stability([hide(entity, 1)], query=entity)
    notes = {m.note for m in result.measures()}
    (why,) = notes
    assert why.startswith("1 of 1 edits keep the entity, and none of these leaves two units that may be hidden")
    _, lost = stability([hide(QUERY, 5)], query=question("o o x y o o", 4, 7))
    assert {m.note for m in lost.measures()} == {"the model does not return this entity on the text itself"}


def test_a_bank_of_stress_edits_is_no_bank_for_stability():
    from test_flips import STRESS

    found = contrasts()
    only = flips(QUERY, [write(QUERY, 10, 11, "k", STRESS)])
    assert ContrastStability.of(found, only, 5, 0).n_tried == 0 and len(bank(QUERY, []).edits) == 0
