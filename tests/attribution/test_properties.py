"""What must hold of every recipe on any game."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import table_game

from explain_lib.attribution import Banzhaf, Exact, KernelShap, Lime, Occlusion, PermutationShap, explain
from explain_lib.perturbation.game import Game

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(5, 9)
SHAP = [Exact(), KernelShap(budget=36), PermutationShap(budget=36)]  # below 64 rows: from six units on these sample
ALL = [*SHAP, Banzhaf(budget=36), Lime(budget=36), Occlusion(), Occlusion(window=2)]
WITHOUT_ORDER = [Exact(), Occlusion(), Banzhaf(600), KernelShap(600), PermutationShap(600)]
each_shap = pytest.mark.parametrize("method", SHAP, ids=repr)
each = pytest.mark.parametrize("method", ALL, ids=repr)


def any_values(n, seed, n_targets=2):
    return np.random.default_rng(seed).normal(size=(2**n, n_targets)) * 10


def permuted(game, order):
    """The same game with its units listed in another order."""
    place = np.argsort(order)
    return Game(lambda keep: game.value(keep[:, place]), game.n_units, game.n_targets)


def same(a, b, atol=1e-9):
    np.testing.assert_allclose(a.scores, b.scores, atol=atol)
    np.testing.assert_allclose(a.std_error, b.std_error, atol=atol)


@each_shap
@given(SIZES, SEEDS)
def test_completeness(method, n, seed):
    result = explain(table_game(any_values(n, seed)), method, rng=seed)
    np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-9)
    np.testing.assert_allclose(result.scores.sum(axis=0), result.full_value - result.base_value, atol=1e-9)


@pytest.mark.parametrize("method", [Exact(), PermutationShap(36), Occlusion()], ids=repr)
@given(SIZES, SEEDS, st.data())
def test_a_dummy_unit_scores_zero(method, n, seed, data):
    dummy = data.draw(st.integers(0, n - 1))
    inner = table_game(any_values(n - 1, seed))
    game = Game(lambda keep: inner.value(np.delete(keep, dummy, axis=1)), n, 2)
    result = explain(game, method, rng=seed)
    np.testing.assert_allclose(result.scores[dummy], 0, atol=1e-12)
    np.testing.assert_allclose(result.std_error[dummy], 0, atol=1e-12)


@each
@given(SIZES, SEEDS, SEEDS)
def test_linearity_in_the_score(method, n, seed, other):
    """The attribution of a sum of targets is the sum of their attributions, row for row."""
    values = np.concatenate([any_values(n, seed, 1), any_values(n, other, 1)], axis=1)
    mixed = np.concatenate([values, values @ [[2.0], [-0.5]]], axis=1)
    scores = explain(table_game(mixed), method, rng=seed).scores
    np.testing.assert_allclose(scores[:, 2], 2 * scores[:, 0] - 0.5 * scores[:, 1], atol=1e-8)


@each
@given(SIZES, SEEDS)
def test_shared_targets_score_as_one_at_a_time(method, n, seed):
    values = any_values(n, seed, 3)
    together = explain(table_game(values), method, rng=seed)
    for target in range(3):
        same(together.target(target), explain(table_game(values[:, [target]]), method, rng=seed))


@each
@given(SIZES, SEEDS)
def test_the_same_seed_gives_the_same_bytes(method, n, seed):
    game = table_game(any_values(n, seed))
    first, second = explain(game, method, rng=seed), explain(game, method, rng=seed)
    third = explain(game, method, rng=np.random.default_rng(seed))
    fourth = explain(game, method, rng=np.random.default_rng(seed))
    for a, b in ((first, second), (third, fourth)):
        assert a.scores.tobytes() == b.scores.tobytes() and a.std_error.tobytes() == b.std_error.tobytes()
        assert a.provenance == b.provenance


@pytest.mark.parametrize("method", WITHOUT_ORDER, ids=repr)
@given(SIZES, SEEDS, st.randoms(use_true_random=False))
def test_exact_methods_do_not_care_for_the_order_of_units(method, n, seed, random):
    order = list(range(n))
    random.shuffle(order)
    game = table_game(any_values(n, seed))
    np.testing.assert_allclose(
        explain(permuted(game, order), method).scores, explain(game, method).scores[order], atol=1e-9
    )


def symmetric_in_first_two(n, seed):
    """A game in which units 0 and 1 are interchangeable."""
    values, rows = any_values(n, seed, 1), np.arange(2**n)
    swapped = (rows & ~3) | ((rows & 1) << 1) | ((rows & 2) >> 1)
    return table_game((values + values[swapped]) / 2)


@pytest.mark.parametrize("method", WITHOUT_ORDER, ids=repr)
@given(SIZES, SEEDS)
def test_symmetric_units_score_alike(method, n, seed):
    scores = explain(symmetric_in_first_two(n, seed), method).scores
    np.testing.assert_allclose(scores[0], scores[1], atol=1e-9)


@pytest.mark.parametrize("method", [KernelShap(36), PermutationShap(36), Lime(36)], ids=repr)
def test_sampled_scores_of_symmetric_units_agree_on_average(method):
    game = symmetric_in_first_two(9, 0)
    gaps = [np.subtract(*explain(game, method, rng=seed).scores[:2, 0]) for seed in range(300)]
    assert abs(np.mean(gaps)) < 4.5 * np.std(gaps) / np.sqrt(300)
    assert np.std(gaps) > 0


def mean_error_in_spreads(game, method):
    """Mean error of each score over 400 seeds, in standard deviations of a single run."""
    drawn = np.array([explain(game, method, rng=seed).scores for seed in range(400)])
    return np.abs(drawn.mean(axis=0) - explain(game, Exact()).scores) / drawn.std(axis=0)


def test_orders_are_right_on_average():
    game = table_game(any_values(9, 5, 1))
    assert mean_error_in_spreads(game, PermutationShap(60)).max() < 4.5 / np.sqrt(400)


def test_the_bias_of_regression_is_small_and_shrinks():
    """Least squares on drawn rows is a ratio estimator: consistent, with a bias that falls at least as 1/budget.

    A game of pure noise is its worst case: what it expects of three-way interactions is wrong there.
    """
    game = table_game(any_values(9, 5, 1))
    few, many = (mean_error_in_spreads(game, KernelShap(rows)) for rows in (60, 300))
    assert few.max() < 0.7 and many.max() < 0.35


@each
@settings(max_examples=20)
@given(SIZES, SEEDS, st.floats(-100, 100))
def test_a_constant_added_to_the_score_changes_nothing(method, n, seed, constant):
    values = any_values(n, seed)
    same(explain(table_game(values), method, rng=seed), explain(table_game(values + constant), method, rng=seed), 1e-7)


@each
def test_other_seeds_give_other_rows_where_rows_are_drawn(method):
    game = table_game(any_values(9, 0))
    a, b = (explain(game, method, rng=seed) for seed in (0, 1))
    assert (a.scores.tobytes() == b.scores.tobytes()) == isinstance(method, Exact | Occlusion)
