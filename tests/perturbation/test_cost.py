"""The cost said before a run is what the run asks for."""

from __future__ import annotations

import captum.attr
import numpy as np
import pytest
import shap
import small_bert

from explain_lib.attribution import (
    AttnLRP, Banzhaf, CaptumMethod, Exact, GradientInput, GradientShap, IntegratedGradients, KernelShap, Lime,
    Occlusion, Owen, PermutationShap, PerUnit, ShapMethod, SmoothGrad, explain,
)  # fmt: skip
from explain_lib.attribution.interactions import FaithShap
from explain_lib.core import Document, Span, Target
from explain_lib.models import Network, toy
from explain_lib.perturbation import Delete, Query
from explain_lib.perturbation.cost import Cost
from explain_lib.perturbation.speed import seconds_per_row

TEXT = "An adverse event : severe lesion after the first dose ."
TOY = toy.planted_tagger()
SPANS = [Span(19, 32, "Reaction"), Span(26, 32, "Disease")]
ROWS = [
    Exact(), Occlusion(), Occlusion(window=3), KernelShap(), KernelShap(60), PermutationShap(), PermutationShap(60),
    Lime(60), Banzhaf(PerUnit(8)), Owen(budget=PerUnit(8)),
]  # fmt: skip


def query(text=TEXT, **settings):
    return Query(TOY.tagger, Document(text), [Target(span) for span in SPANS], **settings)


@pytest.mark.parametrize("method", ROWS, ids=repr)
@pytest.mark.parametrize("seed", [0, 3])
def test_rows_are_exact(method, seed):
    asked = query()
    cost = asked.cost(method, seed, is_timed=False)
    assert asked.n_evals == 0  # the model has run nothing
    result = explain(asked, method, rng=seed)
    assert cost.rows == cost.new_rows == cost.model_rows == result.n_evals == asked.n_evals
    assert (cost.forward, cost.backward, cost.is_bound, cost.seconds) == (0, 0, False, None)
    again = asked.cost(method, seed, is_timed=False)
    assert (again.rows, again.new_rows) == (cost.rows, 0)


def test_known_rows_are_told_apart_and_draws_are_counted():
    asked = query()
    explain(asked, Occlusion())
    cost = asked.cost(Occlusion(window=2), is_timed=False)
    before = asked.n_evals
    explain(asked, Occlusion(window=2))
    assert 0 < cost.new_rows < cost.rows and asked.n_evals - before == cost.new_rows


def test_the_context_arm_and_deletion_cost_what_they_ask():
    context = query().with_targets([Target(SPANS[0])]).context()
    deleting = query(hiding=Delete())
    for asked in (context, deleting):
        cost = asked.cost(PermutationShap(40), is_timed=False)
        assert cost.rows == explain(asked, PermutationShap(40)).n_evals


def test_windows_add_up():
    small = toy.planted_tagger(max_pieces=12)
    text = "The patient has a severe lesion . No fever but a lesion . The patient has a severe lesion ."
    document = Document(text)
    spans = Query(small.tagger, document).predict()[0].spans
    asked = Query(small.tagger, document, [Target(span) for span in spans])
    assert len(asked.parts()) > 1
    cost = asked.cost(KernelShap(60), is_timed=False)
    assert cost.rows == explain(asked, KernelShap(60)).n_evals


@pytest.mark.parametrize("method", [PermutationShap(240, tolerance=1e-6), KernelShap(240, tolerance=1e-6)], ids=repr)
def test_a_tolerance_makes_it_a_bound_that_is_reached(method):
    cost = query().cost(method, is_timed=False)
    result = explain(query(), method)
    assert cost.is_bound and str(cost).startswith("at most ")
    assert result.n_evals <= cost.rows <= 240


@pytest.mark.parametrize(
    ("method", "forward", "backward"),
    [
        (GradientInput(), 1, 2),
        (IntegratedGradients(steps=20), 22, 40),
        (IntegratedGradients(tolerance=1e-3, max_steps=65), 65, 130),
        (SmoothGrad(draws=7), 7, 14),
    ],
    ids=repr,
)
def test_gradient_methods_count_passes(method, forward, backward):
    cost = query().cost(method, is_timed=False)
    assert (cost.forward, cost.backward) == (forward, backward)
    assert f"{forward} forward and {backward} backward passes" in str(cost)


def test_gradient_shap_is_counted_too():
    asked = query()
    cost = asked.cost(GradientShap(), is_timed=False)
    assert cost.forward == explain(asked, GradientShap()).n_evals


def test_seconds_come_from_rows_of_this_length_and_are_remembered(monkeypatch):
    asked = query()
    first = asked.cost(Occlusion())
    row = TOY.tagger.row(asked.encoding, asked.evaluations.windows[0])
    assert first.seconds == pytest.approx(first.model_rows * seconds_per_row(TOY.tagger, row))
    assert first.seconds > 0 and asked.n_evals == 0
    monkeypatch.setattr("explain_lib.perturbation.speed._timed", lambda *_: 1 / 0)
    assert asked.cost(Occlusion()) == first


def test_a_gradient_pass_takes_as_long_as_a_reference_pass(monkeypatch):
    asked = query()
    seconds = lambda model, row, is_reference=False: 10.0 if is_reference else 1.0  # noqa: E731
    monkeypatch.setattr("explain_lib.perturbation.cost.seconds_per_row", seconds)
    cost = asked.cost(GradientInput())
    assert (cost.model_rows, cost.forward, cost.backward, cost.seconds) == (2, 1, 2, 2 * 1 + 3 * 10)


def test_what_a_method_refuses_its_cost_refuses():
    with pytest.raises(ValueError, match="KernelShap got 20 rows for 9 active units"):
        query().with_targets([Target(SPANS[0])]).context().cost(KernelShap(20))


@pytest.mark.parametrize(
    ("method", "got"), [(KernelShap, "the class KernelShap"), (FaithShap(), "a FaithShap"), (None, "a NoneType")]
)
def test_what_is_no_method_of_explain_is_named(method, got):
    with pytest.raises(TypeError, match=f"the method is {got}; give a method of `explain` with its settings"):
        query().cost(method)


def test_a_cost_reads_as_a_sentence():
    assert str(Cost(240, 12, 12, 0, 0, 30.4, False)) == "240 rows (12 new), about 30 s"
    short = "at most 2 rows (0 new) and 1 forward and 1 backward pass, about 0.2 s"
    assert str(Cost(2, 0, 0, 1, 1, 0.2, True)) == short
    assert str(Cost(1, 1, 1, 0, 0, 300.0, False)) == "1 row (1 new), about 5 min"
    assert str(Cost(0, 0, 0, 0, 0, None, False)) == "no rows"


def test_a_rehearsal_leaves_no_trace():
    asked = query()
    before = explain(query(), PermutationShap(60)).scores
    asked.cost(PermutationShap(60))
    np.testing.assert_array_equal(explain(asked, PermutationShap(60)).scores, before)


@pytest.mark.parametrize("make", [
    lambda: AttnLRP(), lambda: CaptumMethod(captum.attr.LayerIntegratedGradients),
    lambda: ShapMethod(shap.GradientExplainer),
], ids=["AttnLRP", "captum", "shap"])  # fmt: skip
def test_methods_with_the_network_in_their_own_hands_are_not_run(make, monkeypatch):
    asked, method = small_bert.query(small_bert.small_bert()), make()
    ran = []
    monkeypatch.setattr(Network, "outputs_at", lambda *_: ran.append(1))
    cost = asked.cost(method)
    assert not ran and asked.n_evals == 0 and (cost.rows, cost.new_rows) == (2, 2)
    if isinstance(method, AttnLRP):
        assert (cost.forward, cost.backward, cost.is_open) == (2, 2, False) and cost.seconds > 0
    else:
        assert (cost.forward, cost.is_open, cost.seconds) == (0, True, None)
        assert str(cost) == "2 rows (2 new) and passes of its own, not known beforehand"


def test_attn_lrp_runs_what_it_says(monkeypatch):
    asked, plain, ran = small_bert.query(small_bert.small_bert()), Network.outputs_at, []
    monkeypatch.setattr(Network, "outputs_at", lambda *a: ran.append(1) or plain(*a))
    explain(asked, AttnLRP())
    assert (len(ran), asked.n_targets) == AttnLRP().passes(asked.n_targets) == (2, 2)
