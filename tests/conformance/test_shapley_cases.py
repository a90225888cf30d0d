"""Numeric cases with known answers for methods that see a game (numbers A1 to A21 of the project's yardstick)."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import harsanyi_game, masked, net_m, table_game

from explain_lib.attribution import (
    Banzhaf, Exact, KernelShap, Lime, Occlusion, Owen, PermutationShap, PerUnit, explain,
)  # fmt: skip
from explain_lib.core import Hierarchy
from explain_lib.perturbation.game import Game

X, ZERO = (20, 50, 30), (0, 0, 0)
A1 = [76 + 2 / 3, 196 + 2 / 3, 116 + 2 / 3]
SHAP = [Exact(), KernelShap(), PermutationShap()]
PADDING = 8  # idle units that push a small game past the point where all subsets fit the budget


def with_idle_units(game, n_idle=PADDING):
    """The same game with units that nothing depends on: sampled recipes really sample."""
    return Game(lambda keep: game.value(keep[:, : game.n_units]), game.n_units + n_idle, game.n_targets)


@pytest.mark.parametrize("method", SHAP, ids=repr)
def test_a1_shapley_values_of_net_m(method):
    result = explain(masked(net_m, X, ZERO, 2), method)
    np.testing.assert_allclose(result.scores, np.repeat(np.array(A1)[:, None], 2, axis=1), atol=1e-4)
    np.testing.assert_allclose(result.scores.sum(axis=0), 390)


@pytest.mark.parametrize("method", [*SHAP, Banzhaf(), Owen(Hierarchy(((0, 1), 2))), Occlusion()], ids=repr)
def test_a4_linear_region_of_net_m(method):
    result = explain(masked(net_m, X, (10, 20, 10), 2), method)
    np.testing.assert_allclose(result.scores, [[40, 40], [120, 120], [80, 80]])


def test_a6_leave_one_out():
    result = explain(masked(net_m, X, ZERO, 2), Occlusion())
    np.testing.assert_allclose(result.scores[:, 0], [80, 200, 120])


FROM_ONE_RUN = [Exact(), KernelShap(200), PermutationShap(200), Owen(Hierarchy((0, 1, 2))), Lime(200)]


@pytest.mark.parametrize("method", FROM_ONE_RUN, ids=repr)
def test_a9_four_outputs_from_one_run_of_rows(method):
    def outputs(x):
        return np.concatenate([net_m(x), np.ones((len(x), 2))], axis=1)

    game = masked(outputs, X, ZERO, 4)
    if isinstance(method, KernelShap | PermutationShap):
        game = with_idle_units(game)
    result = explain(game, method)
    np.testing.assert_allclose(result.scores[:, 0], result.scores[:, 1], atol=1e-9)
    np.testing.assert_allclose(result.scores[:, 2:], 0, atol=1e-9)
    if not isinstance(method, Lime):
        error = np.where(result.std_error[:3, 0] > 0, result.std_error[:3, 0], 1e-9)
        assert (np.abs(result.scores[:3, 0] - A1) < 5 * error).all()
        np.testing.assert_allclose(result.scores.sum(axis=0), [390, 390, 0, 0], atol=1e-9)


A15 = harsanyi_game(5, [((0, 2), [1]), ((1,), [1]), ((2,), [1]), ((2, 3), [1])])[0]


PAIRED = [Banzhaf(), Banzhaf(20), Owen(Hierarchy(((0, 1), (2, 3), 4))), Owen(Hierarchy((0, 1, 2, 3, 4)), budget=10)]
"""Pairs of units are shared in halves by these too, whatever the groups."""


@pytest.mark.parametrize("method", [*SHAP, PermutationShap(10), *PAIRED], ids=repr)
def test_a15_a_single_antithetic_pair_is_exact_for_pairwise_games(method):
    result = explain(A15, method)
    np.testing.assert_allclose(result.scores[:, 0], [0.5, 1, 2, 0.5, 0], atol=1e-10)
    if method == PermutationShap(10):
        assert result.n_evals == 10 and np.isnan(result.std_error).all()


@pytest.mark.parametrize(
    "method", [Exact(), KernelShap(PerUnit(5)), Banzhaf(PerUnit(5)), PermutationShap(PerUnit(2)), Occlusion()], ids=repr
)
def test_a16_linear_game_against_its_mean(method):
    rng = np.random.default_rng(1)
    weight, x, mean = rng.normal(size=(3, 12))
    weight[7] = 0
    result = explain(masked(lambda z: z @ weight, x, mean), method)
    np.testing.assert_allclose(result.scores[:, 0], weight * (x - mean), atol=1e-10)
    assert abs(result.scores[7, 0]) < 1e-9


@pytest.mark.parametrize("method", [*SHAP, Banzhaf(), Owen(Hierarchy(((0, 1), (2, 3)))), Occlusion()], ids=repr)
def test_a17_unchanged_units_score_exactly_zero(method):
    def sums(z):
        return np.stack([z.sum(axis=1), 2 * z.sum(axis=1)], axis=1)

    result = explain(masked(sums, (0, 5, 2, 7), (0, 1, 2, 3), 2), method)
    np.testing.assert_allclose(result.scores, [[0, 0], [4, 8], [0, 0], [4, 8]], atol=1e-12)


@pytest.mark.parametrize("method", [*SHAP, Banzhaf(), Owen(Hierarchy((0, 1)))], ids=repr)
def test_a18_two_units_two_outputs(method):
    """v(∅)=(0,10), v(a)=(2,20), v(b)=(3,30), v(ab)=(8,80): interactions 3 and 40 are shared in halves."""
    result = explain(table_game(np.array([[0, 10], [2, 20], [3, 30], [8, 80]], dtype=float)), method)
    np.testing.assert_allclose(result.scores, [[2 + 1.5, 10 + 20], [3 + 1.5, 20 + 20]], atol=1e-12)


def a19(n):
    return Game(lambda keep: keep.sum(axis=1) / n + (keep[:, 1] & keep[:, 2]), n)


@pytest.mark.parametrize(("n", "outside", "inside"), [(4, 0.25, 0.75), (5, 0.2, 0.7), (7, 1 / 7, 1 / 7 + 0.5)])
@pytest.mark.parametrize("method", SHAP, ids=repr)
def test_a19_one_pair_of_partners(method, n, outside, inside):
    expected = np.full(n, outside)
    expected[[1, 2]] = inside
    np.testing.assert_allclose(explain(a19(n), method).scores[:, 0], expected, atol=1e-10)


@pytest.mark.parametrize("rng", range(10))
def test_a19_units_outside_are_exact_at_any_budget_of_permutations(rng):
    result = explain(a19(20), PermutationShap(40), rng=rng)
    others = [i for i in range(20) if i not in (1, 2)]
    np.testing.assert_allclose(result.scores[others, 0], 0.05, atol=1e-12)


@pytest.mark.parametrize("rng", range(10))
@pytest.mark.parametrize("budget", [PerUnit(4), PerUnit(10)], ids=repr)
@pytest.mark.parametrize("method", [KernelShap, Banzhaf])
def test_a19_paired_regression_is_exact_for_pairwise_games(method, rng, budget):
    """An interaction of two units is even or odd in a pair of complements, so the centred rows fit it exactly."""
    result = explain(a19(20), method(budget), rng=rng)
    expected = np.full(20, 0.05)
    expected[[1, 2]] += 0.5
    np.testing.assert_allclose(result.scores[:, 0], expected, atol=1e-9)
    assert result.std_error.max() < 1e-9


@pytest.mark.parametrize("method", [*SHAP, PermutationShap(10), *PAIRED], ids=repr)
def test_a21_null_unit_of_a_weighted_game(method):
    pairs = [((1, 3), [0.3]), ((2, 3), [0.4])]
    singles = [((i,), [w]) for i, w in enumerate([0, 0.2, -0.1, -0.9, 0])]
    result = explain(harsanyi_game(5, singles + pairs)[0], method)
    np.testing.assert_allclose(result.scores[:, 0], [0, 0.35, 0.1, -0.55, 0], atol=1e-9)
    assert abs(result.scores[0, 0]) < 1e-9 and abs(result.scores[4, 0]) < 1e-9
