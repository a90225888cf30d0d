"""Runs with a tolerance: when they stop, what they say, and what they share with a run of fixed size."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import Spy, random_game, table_game

from explain_lib.attribution import Exact, KernelShap, PermutationShap, PerUnit, explain
from explain_lib.core.interval import half_width

SHAP = pytest.mark.parametrize("method", [KernelShap, PermutationShap])


def reach(result):
    """The widest 95 % interval of each target over its largest absolute score."""
    half = half_width(result.std_error, result.dof, 0.95).max(axis=0)
    return half / np.abs(result.scores).max(axis=0)


@SHAP
@pytest.mark.parametrize("seed", range(4))
def test_a_met_tolerance_ends_the_run_early(method, seed):
    game, _ = random_game(16, seed, n_targets=2)
    result = explain(game, method(PerUnit(200), tolerance=0.3), rng=seed)
    assert result.provenance.stopped == "tolerance"
    assert (reach(result) <= 0.3).all() and result.n_evals < 3200 / 2


@SHAP
def test_a_spent_budget_gives_the_bytes_of_a_run_without_tolerance(method):
    game = table_game(np.random.default_rng(0).normal(size=(2**11, 2)))
    result = explain(game, method(PerUnit(12), tolerance=1e-9), rng=3)
    plain = explain(game, method(PerUnit(12)), rng=3)
    assert result.provenance.stopped == "budget" and plain.provenance.stopped == ""
    assert result.scores.tobytes() == plain.scores.tobytes()
    assert result.std_error.tobytes() == plain.std_error.tobytes() and result.n_evals == plain.n_evals


def test_orders_of_an_early_stop_are_those_of_a_smaller_budget():
    game, _ = random_game(16, 1)
    early = explain(game, PermutationShap(PerUnit(200), tolerance=0.4), rng=5)
    chains = round((early.dof[0, 0] - 1) * 30 + 2)
    plain = explain(game, PermutationShap(chains), rng=5)
    np.testing.assert_allclose(early.scores, plain.scores, atol=1e-12)
    assert early.n_evals == plain.n_evals


@SHAP
@pytest.mark.parametrize("tolerance", [0.1, 0.4, 1e-9])
def test_no_row_is_asked_for_twice(method, tolerance):
    spy = Spy(random_game(9, 2)[0])
    estimate = method(300, tolerance=tolerance).attribute(spy.game, np.random.default_rng(0))
    assert estimate.n_evals == spy.n_distinct == len(spy.rows) <= 300


@SHAP
def test_exact_results_meet_any_tolerance(method):
    result = explain(random_game(6, 0)[0], method(tolerance=1e-6))
    assert result.provenance.stopped == "tolerance" and not result.std_error.any()
    np.testing.assert_allclose(result.scores, explain(random_game(6, 0)[0], Exact()).scores, atol=1e-12)


@SHAP
def test_every_round_samples_all_sizes(method):
    """What is asked for first is a sample of its own: its scores are right on average (up to the bias of a fit)."""
    game, truth = random_game(10, 7)
    drawn = [explain(game, method(PerUnit(40), tolerance=1e6), rng=seed).scores for seed in range(300)]
    error = np.abs(np.mean(drawn, axis=0) - truth) / (np.std(drawn, axis=0) + 1e-9)
    assert error.max() < 0.5


@SHAP
@pytest.mark.parametrize("tolerance", [0, -1, float("nan")])
def test_a_tolerance_that_no_run_can_meet_is_refused(method, tolerance):
    with pytest.raises(ValueError, match=rf"{method.__name__} got tolerance=.*it must be above 0, for example 0.05"):
        method(tolerance=tolerance)
