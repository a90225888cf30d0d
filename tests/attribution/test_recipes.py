"""Each recipe against a slow and plain re-implementation of itself, and against the exact values."""

from __future__ import annotations

from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest
from known_games import Spy, random_game, smooth_game, table_game

from explain_lib.attribution import Exact, KernelShap, Lime, Occlusion, PermutationShap, PerUnit
from explain_lib.attribution.black_box.pair_regression import fit_pairs, plain_fit, scored
from explain_lib.perturbation import Game
from explain_lib.perturbation.sampling import antithetic_orders, leverage_pairs

RECIPES = [Exact(), Occlusion(), KernelShap(), PermutationShap(), Lime()]


def rng(seed=0):
    return np.random.default_rng(seed)


def any_game(n, seed=0, n_targets=2):
    return table_game(rng(seed).normal(size=(2**n, n_targets)))


def value(game, kept):
    row = np.zeros((1, game.n_units), dtype=bool)
    row[0, list(kept)] = True
    return game.value(row)[0]


# Exact -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_exact_is_the_mean_gain_over_all_orders(n):
    game = any_game(n)
    gains = np.zeros((n, 2))
    orders = list(permutations(range(n)))
    for order in orders:
        for position, unit in enumerate(order):
            gains[unit] += value(game, order[: position + 1]) - value(game, order[:position])
    estimate = Exact().attribute(game, rng())
    np.testing.assert_allclose(estimate.scores, gains / len(orders), atol=1e-12)
    np.testing.assert_array_equal(estimate.base_value, value(game, []))
    np.testing.assert_array_equal(estimate.full_value, value(game, range(n)))
    assert estimate.n_evals == 2**n and estimate.dof == np.inf and not estimate.std_error.any()


@pytest.mark.parametrize("n", [6, 14])
def test_exact_knows_the_values_of_interaction_games(n):
    game, truth = random_game(n, seed=1, n_targets=3)
    np.testing.assert_allclose(Exact().attribute(game, rng()).scores, truth, atol=1e-10)


def test_exact_refuses_more_than_fourteen_units():
    game, _ = random_game(15, 0)
    with pytest.raises(ValueError, match=r"Exact got 15 active units, .* rows; allowed are 14. Use PermutationShap"):
        Exact().attribute(game, rng())


# Occlusion ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [1, 2, 3, 5, 9])
def test_occlusion_is_the_mean_loss_over_windows(window):
    n, game = 5, any_game(5)
    losses = [[] for _ in range(n)]
    width = min(window, n)
    for start in range(n - width + 1):
        hidden = range(start, start + width)
        loss = value(game, range(n)) - value(game, set(range(n)) - set(hidden))
        for unit in hidden:
            losses[unit].append(loss)
    estimate = Occlusion(window).attribute(game, rng())
    np.testing.assert_allclose(estimate.scores, [np.mean(unit, axis=0) for unit in losses], atol=1e-12)
    assert estimate.n_evals == (n - width + 1) + (1 if width == n else 2)
    assert estimate.dof == np.inf and not estimate.std_error.any()


def test_occlusion_refuses_an_empty_window():
    with pytest.raises(ValueError, match=r"Occlusion\(window=0\) hides nothing; give a window of at least 1 unit"):
        Occlusion(window=0)


# PermutationShap ---------------------------------------------------------------------------------------------------


def plain_permutation_shap(game, n_pairs, seed):
    _, orders = antithetic_orders(game.n_units, n_pairs, rng(seed))
    gains = np.zeros((n_pairs, 2, game.n_units, game.n_targets))
    for p, d in np.ndindex(n_pairs, 2):
        order = orders[p, d]
        for position, unit in enumerate(order):
            gains[p, d, unit] = value(game, order[: position + 1]) - value(game, order[:position])
    of_pairs = [np.cov([pair.mean() for pair in gains[..., u, t]]) for u, t in np.ndindex(gains.shape[2:])]
    of_orders = [np.cov(gains[..., u, t].ravel()) for u, t in np.ndindex(gains.shape[2:])]
    own, single = (np.array(found).reshape(gains.shape[2:]) for found in (of_pairs, of_orders))
    prior = own.mean(axis=0) / 2 + single / 2 * own.sum(axis=0) / single.sum(axis=0)
    variance = (2 * prior + (n_pairs - 1) * own) / (n_pairs + 1)
    return gains.mean(axis=(0, 1)), np.sqrt(variance / n_pairs)


@pytest.mark.parametrize(("budget", "n_pairs"), [(PerUnit(6), 3), (100, 7), (30, 2), (43, 2), (44, 3)])
def test_permutation_shap_is_its_plain_self(budget, n_pairs):
    game = any_game(8)
    estimate = PermutationShap(budget).attribute(game, rng(4))
    scores, error = plain_permutation_shap(game, n_pairs, 4)
    np.testing.assert_allclose(estimate.scores, scores, atol=1e-12)
    np.testing.assert_allclose(estimate.std_error, error, atol=1e-12)
    assert estimate.dof == n_pairs + 1


def test_a_single_pair_of_orders_has_no_error():
    estimate = PermutationShap(29).attribute(any_game(8), rng(4))
    assert np.isnan(estimate.std_error).all() and np.isfinite(estimate.scores).all() and estimate.dof == 0


def test_permutation_shap_refuses_less_than_one_pair():
    game, _ = random_game(30, 0)
    message = "PermutationShap got 59 rows for 30 active units; one pair of orders takes 60"
    with pytest.raises(ValueError, match=message):
        PermutationShap(59).attribute(game, rng())
    assert PermutationShap(60).attribute(game, rng()).n_evals == 60


# KernelShap --------------------------------------------------------------------------------------------------------


def constrained_fit(keep, target, weight, change):
    """Weighted least squares with sum(scores) = change, by its Lagrange equations."""
    n = keep.shape[1]
    rows = keep.astype(float)
    system = np.zeros((n + 1, n + 1))
    system[:n, :n] = 2 * rows.T @ (weight[:, None] * rows)
    system[:n, n] = system[n, :n] = 1
    right = np.concatenate([2 * rows.T @ (weight[:, None] * target), change[None]])
    return np.linalg.solve(system, right)[:n]


def drawn_pairs(game, n_pairs, seed):
    """Smaller subsets, their differences from the complements, full − base; weights and inclusion probabilities."""
    n = game.n_units
    sets = leverage_pairs(n, n_pairs, rng(seed)).keep[::2]
    size = sets.sum(axis=1)
    in_all = np.array([comb(n, s) / (2 if 2 * s == n else 1) for s in size.tolist()])
    inclusion = np.array([(size == s).sum() for s in size]) / in_all
    kernel = np.array([(n - 1) / (comb(n, s) * s * (n - s)) for s in size.tolist()])
    change = value(game, range(n)) - value(game, [])
    return sets, game.value(sets) - game.value(~sets), change, kernel / inclusion, inclusion


def shifts_without_a_pair(fit, inclusion):
    """Root of the sum over pairs left to chance of (1 − inclusion) · (scores without the pair − scores)²."""
    everything = np.ones(len(inclusion), dtype=bool)
    variance = 0
    for pair in np.flatnonzero(inclusion < 1):
        left = everything.copy()
        left[pair] = False
        variance += (1 - inclusion[pair]) * (fit(left) - fit(everything)) ** 2
    return np.sqrt(variance)


def plain_scores(sets, differences, change):
    return scored(*plain_fit(sets, differences, change))


PAIRS = pytest.mark.parametrize(("n", "n_pairs"), [(8, 29), (9, 44), (12, 99), (5, 14)])


@PAIRS
def test_the_plain_fit_is_kernel_shap_with_a_refit_per_pair(n, n_pairs):
    game = any_game(n)
    sets, differences, change, weight, inclusion = drawn_pairs(game, n_pairs, 7)
    base = value(game, [])

    def fit(left):
        keep = np.concatenate([sets[left], ~sets[left]])
        return constrained_fit(keep, game.value(keep) - base, np.tile(weight[left], 2), change)

    scores, error = plain_scores(sets, differences, change)
    np.testing.assert_allclose(scores, fit(np.ones(n_pairs, dtype=bool)), atol=1e-9)
    np.testing.assert_allclose(error, shifts_without_a_pair(fit, inclusion), rtol=1e-6, atol=1e-9)


@PAIRS
def test_kernel_shap_is_its_plain_self_with_a_refit_per_pair(n, n_pairs):
    """Random effects written out: one column per triple of units, one refit per pair."""
    game = any_game(n)
    sets, differences, change, weight, inclusion = drawn_pairs(game, n_pairs, 7)
    triples = list(combinations(range(n), 3))

    def fit(left):
        signs = np.concatenate([np.where(sets[left], 1.0, -1.0), np.ones((1, n))])
        observed = np.concatenate([differences[left], change[None]])
        columns = np.stack([signs[:, list(t)].prod(axis=1) for t in triples], axis=1)
        noise = np.append(1 / weight[left] / np.mean(1 / weight), 0)
        precision = np.linalg.inv(columns @ columns.T / len(triples) + np.diag(noise))
        linear = np.linalg.solve(signs.T @ precision @ signs, signs.T @ precision @ observed)
        effects = columns.T @ precision @ (observed - signs @ linear) / len(triples)
        shares = np.array([[i in t for t in triples] for i in range(n)]) / 3
        return linear + shares @ effects

    estimate = KernelShap(2 * n_pairs + 2).attribute(game, rng(7))
    np.testing.assert_allclose(estimate.scores, fit(np.ones(n_pairs, dtype=bool)), atol=1e-9)
    np.testing.assert_allclose(estimate.std_error, shifts_without_a_pair(fit, inclusion), rtol=1e-6, atol=1e-9)
    assert estimate.dof == n_pairs - n + 1


@pytest.mark.parametrize("fit", [fit_pairs, plain_scores])
@pytest.mark.parametrize("n", [4, 7])
def test_regression_on_all_subsets_is_exact(n, fit):
    """The sampled path with every pair drawn, checked against subsets: the kernel and its constraint are right."""
    game = any_game(n)
    keep = leverage_pairs(n, 2 ** (n - 1) - 1, rng()).keep
    values, change = game.value(keep), value(game, range(n)) - value(game, [])
    scores, error = fit(keep[::2], values[::2] - values[1::2], change)
    np.testing.assert_allclose(scores, Exact().attribute(game, rng()).scores, atol=1e-10)
    assert not error.any()


def test_kernel_shap_refuses_less_than_four_rows_per_unit():
    game, _ = random_game(30, 0)
    message = r"KernelShap got 119 rows for 30 active units; it needs at least 120 .*use PermutationShap"
    with pytest.raises(ValueError, match=message):
        KernelShap(119).attribute(game, rng())
    assert np.isfinite(KernelShap(120).attribute(game, rng()).std_error).all()


@pytest.mark.parametrize("fit", [fit_pairs, plain_scores])
def test_kernel_shap_says_nan_where_the_rows_do_not_determine_a_score(fit):
    together = np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]], dtype=bool)
    _, error = fit(together, np.ones((4, 1)), np.ones(1))  # units 0 and 1 never part
    assert np.isnan(error).all()


@pytest.mark.parametrize("fit", [fit_pairs, plain_scores])
def test_kernel_shap_says_nan_where_one_drawn_pair_carries_the_fit(fit):
    sets = np.concatenate([[[1, 1, 0, 0, 0]], np.eye(5)[[0, 2, 3, 4]]]).astype(bool)  # only {0} parts units 0 and 1
    scores, error = fit(sets, np.ones((5, 1)), np.ones(1))
    assert np.isnan(error).all() and np.isfinite(scores).all()


# All ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", RECIPES, ids=repr)
@pytest.mark.parametrize("n", [1, 2, 3, 8, 11])
def test_rows_asked_for_are_counted_once_and_within_the_budget(method, n):
    spy = Spy(any_game(n))
    estimate = method.attribute(spy.game, rng())
    assert estimate.n_evals == spy.n_distinct == len(spy.rows)
    if hasattr(method, "budget"):
        assert spy.n_distinct <= 20 * n
    assert {np.zeros(n, dtype=bool).tobytes(), np.ones(n, dtype=bool).tobytes()} <= set(spy.rows)


@pytest.mark.parametrize("method", [KernelShap, PermutationShap, Lime])
@pytest.mark.parametrize("budget", [48, 49, 77, 300, 4095, 4096, PerUnit(5)], ids=repr)
def test_any_budget_is_kept(method, budget):
    spy = Spy(smooth_game(12, 0))
    estimate = method(budget).attribute(spy.game, rng(1))
    allowed = budget if isinstance(budget, int) else 60
    assert estimate.n_evals == spy.n_distinct <= allowed


@pytest.mark.parametrize("method", [KernelShap(), PermutationShap()], ids=repr)
@pytest.mark.parametrize("n", [1, 2, 4, 6])
def test_shap_is_exact_where_all_subsets_fit(method, n):
    game = any_game(n)
    estimate, truth = method.attribute(game, rng()), Exact().attribute(game, rng())
    np.testing.assert_allclose(estimate.scores, truth.scores, atol=1e-10)
    assert not estimate.std_error.any() and estimate.dof == np.inf and estimate.n_evals == 2**n


@pytest.mark.parametrize("method", [KernelShap, PermutationShap])
def test_a_budget_of_exactly_all_subsets_is_exact_and_one_row_less_is_not(method):
    game = any_game(6)
    assert not method(64).attribute(game, rng()).std_error.any()
    assert method(63).attribute(game, rng()).std_error.all()


@pytest.mark.parametrize("method", [KernelShap(300), PermutationShap(2000)], ids=repr)
def test_shap_comes_near_the_exact_values(method):
    game, truth = random_game(14, seed=3, n_targets=2)
    estimate = method.attribute(game, rng())
    assert np.abs(estimate.scores - truth).max() < 0.35
    assert np.corrcoef(estimate.scores.ravel(), truth.ravel())[0, 1] > 0.97


@pytest.mark.parametrize("method", RECIPES, ids=repr)
def test_a_method_shows_its_settings(method):
    assert eval(repr(method)) == method  # noqa: S307  # our own repr, with the names imported above


def test_long_texts_do_not_overflow():
    """C(1040, 520) is no float; one allocation per size and no dense design beyond rows × units."""
    n = 1040
    weight = rng().normal(size=n)
    game = Game(lambda keep: keep @ weight, n)
    estimate = KernelShap(PerUnit(4)).attribute(game, rng())
    np.testing.assert_allclose(estimate.scores[:, 0], weight, atol=1e-8)
