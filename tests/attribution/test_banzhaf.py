"""Banzhaf values against their definition, and what the regression on pairs is worth."""

from __future__ import annotations


from itertools import combinations

import numpy as np
import pytest
from known_games import random_game, smooth_game, table_game

from explain_lib.attribution import Banzhaf, PerUnit, explain
from explain_lib.attribution.black_box.random_effects import NOISE
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import all_subsets, uniform_pairs

SPARSE = [random_game(12, seed)[0] for seed in range(20)]
SMOOTH = [smooth_game(12, seed) for seed in range(20)]


def definition(game):
    keep = all_subsets(game.n_units).keep
    values = game.value(keep)
    return np.array([values[kept].mean(axis=0) - values[~kept].mean(axis=0) for kept in keep.T])


def any_game(n, seed=0):
    return table_game(np.random.default_rng(seed).normal(size=(2**n, 2)))


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_all_subsets_give_the_definition(n):
    game = any_game(n)
    result = explain(game, Banzhaf())
    np.testing.assert_allclose(result.scores, definition(game), atol=1e-10)
    assert not result.std_error.any() and np.isinf(result.dof).all() and result.n_evals == 2**n


def test_a_majority_counts_subsets_and_not_orders():
    """Three of five votes: (4 choose 2) / 2⁴ by subsets, 1 / 5 by orders."""
    result = explain(Game(lambda keep: keep.sum(axis=1) >= 3, 5), Banzhaf())
    np.testing.assert_allclose(result.scores, 6 / 16)


@pytest.mark.parametrize(("n", "pairs"), [(7, 20), (9, 40), (6, 30)])
def test_it_is_generalised_least_squares_with_a_refit_without_each_pair(n, pairs):
    """Three units have a random effect, counted out here; noise is alike for all pairs but the pair full–empty."""
    game, sampled = any_game(n), pairs / (2 ** (n - 1) - 1)
    result = explain(game, Banzhaf(2 * pairs + 2), rng=np.random.default_rng(3))
    child = np.random.default_rng(np.random.default_rng(3).bit_generator.seed_seq.spawn(1)[0])
    sets = np.concatenate([uniform_pairs(n, pairs, child).keep[::2], np.ones((1, n), dtype=bool)])
    halves = (game.value(sets) - game.value(~sets)) / 2
    signs = np.where(sets, 1.0, -1.0)
    effects = np.array([signs[:, list(units)].prod(axis=1) for units in combinations(range(n), 3)])
    variances = np.append(np.ones(pairs), 1 / sampled)
    covariance = effects.T @ effects / len(effects) + NOISE * np.diag(variances / variances.mean())

    def slopes(used):
        weight = np.linalg.inv(covariance[np.ix_(used, used)])
        rows = signs[used] / 2
        return np.linalg.solve(rows.T @ weight @ rows, rows.T @ weight @ halves[used])

    every = np.arange(pairs + 1)
    np.testing.assert_allclose(result.scores, slopes(every), atol=1e-9)
    shifts = [slopes(np.delete(every, pair)) - result.scores for pair in range(pairs)]
    error = np.sqrt((1 - sampled) * np.square(shifts).sum(axis=0))
    np.testing.assert_allclose(result.std_error, error, rtol=1e-6)
    assert (result.dof == pairs - n).all()


def test_a_linear_game_is_exact_and_long_texts_do_not_overflow():
    weight = np.random.default_rng(0).normal(size=1100)
    result = explain(Game(lambda keep: keep @ weight, 1100), Banzhaf(PerUnit(4)))
    np.testing.assert_allclose(result.scores[:, 0], weight, atol=1e-8)
    assert result.n_evals <= 4400


def test_a_pair_of_units_is_shared_in_halves_at_any_budget():
    """What complements have in common drops out of their difference."""
    game = Game(lambda keep: 1.0 * (keep[:, 1] & keep[:, 2]), 20)
    result = explain(game, Banzhaf(PerUnit(4)))
    np.testing.assert_allclose(result.scores[:, 0], [0, 0.5, 0.5] + [0] * 17, atol=1e-9)


def test_too_few_rows_are_refused():
    with pytest.raises(
        ValueError, match=r"Banzhaf got 47 rows for 12 active units; it needs at least 48 .*Permutation"
    ):
        explain(SPARSE[0], Banzhaf(47))


@pytest.mark.parametrize("games", [SPARSE, SMOOTH], ids=["sparse", "smooth"])
@pytest.mark.parametrize("rows", [10, 25])
def test_intervals_cover_and_the_error_beats_the_difference_of_means(games, rows):
    """Maximum sample reuse (Wang & Jia, 2023) on as many rows has several times the squared error."""
    truth = [definition(game) for game in games]
    inside, ours, reuse = [], [], []
    for rng in range(200):
        game, true = games[rng % 20], truth[rng % 20]
        result = explain(game, Banzhaf(PerUnit(rows)), rng=rng)
        low, high = result.interval()
        inside.append((low <= true) & (true <= high))
        ours.append(np.mean((result.scores - true) ** 2))
        keep = np.random.default_rng(rng).random((12 * rows, 12)) < 0.5
        values = game.value(keep)
        means = np.array([values[kept].mean(axis=0) - values[~kept].mean(axis=0) for kept in keep.T])
        reuse.append(np.mean((means - true) ** 2))
    assert 0.93 < np.mean(inside) < 0.993
    assert 4 * np.mean(ours) < np.mean(reuse)
