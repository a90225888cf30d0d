"""Statistics of the sampled recipes: coverage of intervals, error against budget, and what pairing is worth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from known_games import random_game, saturating_game, smooth_game

from explain_lib.attribution import Exact, KernelShap, PermutationShap, PerUnit, explain
from explain_lib.attribution.black_box.pair_regression import plain_fit, scored

N_RUNS = 420


@cache
def sparse(n_units):
    return [random_game(n_units, seed) for seed in range(30)]


@cache
def smooth(n_units):
    games = [smooth_game(n_units, seed) for seed in range(30)]
    return [(game, explain(game, Exact()).scores) for game in games]


@cache
def saturating(n_units):
    games = [saturating_game(n_units, seed) for seed in range(30)]
    return [(game, explain(game, Exact()).scores) for game in games]


def runs(games, method, n_runs=N_RUNS):
    for rng in range(n_runs):
        game, truth = games[rng % len(games)]
        yield explain(game, method, rng=rng), truth


def coverage(games, method):
    """Share of 95 % intervals, over runs and units, that hold the true score."""
    inside = []
    for result, truth in runs(games, method):
        low, high = result.interval(0.95)
        known = ~np.isnan(low)
        inside.append(((low - 1e-9 <= truth) & (truth <= high + 1e-9))[known].mean() if known.any() else np.nan)
    assert np.isnan(inside).mean() < 0.02  # rows that do not determine the fit are rare, and admitted
    return np.nanmean(inside)


def squared_error(games, method, n_runs=N_RUNS):
    return np.mean([np.mean((result.scores - truth) ** 2) for result, truth in runs(games, method, n_runs)])


@pytest.mark.parametrize(
    ("method", "games"),
    [
        (KernelShap(PerUnit(4)), sparse(12)),
        (KernelShap(PerUnit(4)), smooth(12)),
        (KernelShap(PerUnit(10)), sparse(12)),
        (KernelShap(PerUnit(10)), sparse(20)),
        (KernelShap(PerUnit(10)), smooth(12)),
        (KernelShap(PerUnit(25)), sparse(16)),
        (PermutationShap(PerUnit(4)), smooth(12)),
        (PermutationShap(PerUnit(4)), sparse(20)),
        (PermutationShap(PerUnit(4)), saturating(12)),
        (PermutationShap(PerUnit(10)), sparse(12)),
        (PermutationShap(PerUnit(10)), sparse(20)),
        (PermutationShap(PerUnit(10)), smooth(12)),
        (PermutationShap(PerUnit(25)), sparse(16)),
        (KernelShap(PerUnit(60), tolerance=0.25), sparse(12)),
        (PermutationShap(PerUnit(60), tolerance=0.25), sparse(12)),
    ],
    ids=lambda part: "" if isinstance(part, list) else repr(part),
)
def test_intervals_cover_nominally(method, games):
    """benchmarks/intervals.py prints the counts of these and of more games, the demo model among them."""
    assert 0.90 < coverage(games, method) < 0.99


@pytest.mark.parametrize("method", [KernelShap, PermutationShap])
def test_squared_error_falls_at_least_as_one_over_budget(method):
    few, many = (squared_error(sparse(16), method(PerUnit(rows))) for rows in (10, 40))
    assert many < few / 4 * 1.15
    assert many > 0


def unpaired_kernel_shap(game, n_rows, rng):
    """Regression on rows of kernel-distributed sizes, one by one and with replacement, under the sum constraint."""
    n, generator = game.n_units, np.random.default_rng(rng)
    sizes = np.arange(1, n)
    chance = 1 / (sizes * (n - sizes))
    drawn = generator.choice(sizes, size=n_rows - 2, p=chance / chance.sum())
    keep = generator.random((n_rows - 2, n)).argsort(axis=1).argsort(axis=1) < drawn[:, None]
    base, full = game.value(np.array([[False], [True]]).repeat(n, axis=1))
    rows = keep - drawn[:, None] / n
    target = game.value(keep) - base - drawn[:, None] / n * (full - base)
    return np.linalg.lstsq(rows, target, rcond=None)[0] + (full - base) / n


def test_pairs_by_leverage_beat_single_rows_by_far():
    """Sixty units and ten rows per unit: about ten times less squared error."""
    games = [random_game(60, seed) for seed in range(10)]
    single = np.mean([np.mean((unpaired_kernel_shap(g, 600, rng) - t) ** 2) for rng, (g, t) in enumerate(games)])
    paired = squared_error(games, KernelShap(PerUnit(10)), n_runs=10)
    assert paired < single / 3


def test_regression_beats_orders_from_five_rows_per_unit():
    games = sparse(20)
    for rows, factor in ((5, 1), (10, 1.5), (20, 3)):
        orders, regression = (squared_error(games, m(PerUnit(rows)), 120) for m in (PermutationShap, KernelShap))
        assert regression < orders / factor


@pytest.mark.parametrize(("games", "factor"), [(sparse(12), 1.6), (smooth(12), 1.1), (saturating(12), 1.3)])
def test_expecting_interactions_beats_plain_regression(games, factor, monkeypatch):
    def errors():
        return squared_error(games, KernelShap(PerUnit(20)), 90)

    ours = errors()
    plain = "explain_lib.attribution.black_box.kernel_shap.fit_pairs"
    monkeypatch.setattr(plain, lambda *pairs: scored(*plain_fit(*pairs)))
    assert ours < errors() / factor
