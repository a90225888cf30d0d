"""Growing budgets: sharper at every step, the last one is the method itself, and early looks cost nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

import explain_lib as xl
from explain_lib.attribution.black_box import BlackBox
from explain_lib.core import Document, Span
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation.game import Game
from widgets.workbench.explanation.growing import growing

TEXT = "An adverse event : severe lesion after the first dose . No fever . The patient has a severe lesion ."
NESTED = [xl.PermutationShap(), xl.KernelShap(), xl.Banzhaf(), xl.Owen(), xl.KernelShap(tolerance=0.01)]
AT_ONCE = [xl.Occlusion(), xl.IntegratedGradients(), xl.PermutationShap(budget=xl.PerUnit(4))]


def asked(tagger: Tagger, text: str = TEXT) -> xl.Query:
    return xl.Query(tagger, Document(text, "en"), [xl.Target(Span(19, 32, "Reaction"))])


@pytest.mark.parametrize("method", NESTED, ids=repr)
def test_steps_ask_for_more_and_more_of_the_same_rows(tagger: Tagger, method: BlackBox) -> None:
    query, alone = asked(tagger), asked(tagger)
    steps = growing(method, query)
    assert len(steps) == 3
    assert steps[-1] is method
    results = [xl.explain(query, step, rng=0) for step in steps]
    rows = [result.n_evals for result in results]
    assert rows == sorted(rows)
    assert rows[0] <= rows[-1] / 2
    assert all(np.isfinite(result.std_error).all() and result.std_error.any() for result in results)
    fresh = xl.explain(alone, method, rng=0)
    assert np.array_equal(results[-1].scores, fresh.scores)
    assert np.array_equal(results[-1].std_error, fresh.std_error)
    assert query.n_evals == alone.n_evals


def test_lime_gets_one_look_at_a_fifth_of_its_rows(tagger: Tagger) -> None:
    query = asked(tagger)
    first, last = growing(xl.Lime(), query)
    assert (first, last) == (xl.Lime(budget=4 * int(query.active.sum())), xl.Lime())


@pytest.mark.parametrize("method", AT_ONCE, ids=repr)
def test_what_asks_for_little_is_run_at_once(tagger: Tagger, method: xl.Occlusion) -> None:
    assert growing(method, asked(tagger)) == [method]


def test_what_is_exact_on_few_units_is_run_at_once(tagger: Tagger) -> None:
    short = xl.Query(tagger, Document("The lesion .", "en"), [xl.Target(Span(4, 10, "Disease"))])
    assert growing(xl.KernelShap(), short) == [xl.KernelShap()]
    assert growing(xl.PermutationShap(), short.context()) == [xl.PermutationShap()]


def test_a_tolerance_is_reached_from_looser_ones(tagger: Tagger) -> None:
    method = xl.PermutationShap(budget=10_000, tolerance=0.2)
    first, last = growing(method, asked(tagger))
    assert (first.budget, last) == (10_000, method)
    assert first.tolerance > 1


def test_a_joint_fusion_is_shown_before_its_edits(tagger: Tagger) -> None:
    fused = xl.Fused([xl.Occlusion(), xl.PermutationShap()], xl.JointFusion())
    first, last = growing(fused, asked(tagger))
    assert last is fused
    assert first.fusion.calibration == replace(fused.fusion.calibration, n_edits=0)
    query, alone = asked(tagger), asked(tagger)
    early = xl.explain(query, first, rng=0)
    n_first = query.n_evals
    late = xl.explain(query, last, rng=0)
    assert "stability not measured" in early.fusion.notes[0]
    assert np.array_equal(late.scores, xl.explain(alone, fused, rng=0).scores)
    assert n_first <= query.n_evals == alone.n_evals
    assert growing(xl.Fused([xl.Occlusion()], xl.MeanFusion()), query) == [xl.Fused([xl.Occlusion()], xl.MeanFusion())]


def test_a_budget_that_a_method_refuses_is_left_out(tagger: Tagger) -> None:
    method = Picky()
    assert growing(method, asked(tagger)) == [method]


@dataclass(frozen=True)
class Picky(BlackBox):
    """A method that takes no small budget."""

    budget: xl.PerUnit | int = xl.PerUnit(20)

    def estimate(self, game: Game, rng: np.random.Generator) -> xl.Estimate:
        """Refuse."""
        raise ValueError("this budget is too small for me.")
