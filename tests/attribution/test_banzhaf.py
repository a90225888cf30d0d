"""Banzhaf values against their definition, and what the regression on pairs is worth."""

from __future__ import annotations


import numpy as np
import pytest
from known_games import random_game, smooth_game, table_game

from explain_lib.attribution import Banzhaf, PerUnit, explain
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


@pytest.mark.parametrize("n, pairs", [(7, 20), (9, 40), (6, 30)])
def test_it_is_least_squares_on_all_rows_with_a_refit_without_each_pair(n, pairs):
    game, n_all = any_game(n), 2 ** (n - 1) - 1
    result = explain(game, Banzhaf(2 * pairs + 2), rng=np.random.default_rng(3))
    child = np.random.default_rng(np.random.default_rng(3).bit_generator.seed_seq.spawn(1)[0])
    drawn = uniform_pairs(n, pairs, child).keep
    keep = np.concatenate([drawn, np.ones((1, n), dtype=bool), np.zeros((1, n), dtype=bool)])
    weight = np.concatenate([np.ones(2 * pairs), [pairs / n_all] * 2])

    def slopes(used):
        root = np.sqrt(weight[used])[:, None]
        rows = np.concatenate([np.ones((len(keep), 1)), keep], axis=1)[used]
        return np.linalg.lstsq(root * rows, root * game.value(keep)[used], rcond=None)[0][1:]

    everything = np.ones(len(keep), dtype=bool)
    np.testing.assert_allclose(result.scores, slopes(everything), atol=1e-9)
    shifts = []
    for pair in range(pairs):
        without = everything.copy()
        without[2 * pair : 2 * pair + 2] = False
        shifts.append(slopes(without) - result.scores)
    error = np.sqrt((1 - pairs / n_all) * np.square(shifts).sum(axis=0))
    np.testing.assert_allclose(result.std_error, error, rtol=1e-7)
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
    assert 0.93 < np.mean(inside) < 0.99
    assert 3 * np.mean(ours) < np.mean(reuse)
