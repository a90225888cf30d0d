"""Lime: its regression against a plain one, its limit against lime's own law of rows, its error, its rows."""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
import pytest
import tiny_query
from hypothesis import given
from hypothesis import strategies as st
from known_games import Spy, random_game, saturating_game, smooth_game, table_game

from explain_lib.attribution import KernelShap, Lime, PerUnit, explain
from explain_lib.attribution.black_box.lime import lime_kernel
from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import planted_tagger
from explain_lib.perturbation import Game, Query
from explain_lib.perturbation.sampling import all_subsets, leverage_pairs


def rng(seed=0):
    return np.random.default_rng(seed)


def any_game(n, seed=0, n_targets=2):
    return table_game(rng(seed).normal(size=(2**n, n_targets)))


def plain_ridge(keep, values, weight, ridge):
    """Weighted ridge with a free intercept, by centring."""
    rows = keep.astype(float)
    mean = weight @ rows / weight.sum()
    centred = rows - mean
    gram = centred.T @ (weight[:, None] * centred) + ridge * np.eye(keep.shape[1])
    return np.linalg.solve(gram, centred.T @ (weight[:, None] * (values - weight @ values / weight.sum())))


def near(keep, width=0.25):
    """The kernel of the lime package, from its own formulas."""
    cosine = [row.sum() / np.sqrt(row.sum() * len(row)) if row.any() else 0.0 for row in keep]
    return np.sqrt(np.exp(-((1 - np.array(cosine)) ** 2) / width**2))


def slopes_of_the_law(game, n_rows, ridge=1.0, width=0.25):
    """The slopes where `n_rows` rows of lime's law (uniformly many hidden, 1 to all) came out as expected."""
    n, keep = game.n_units, all_subsets(game.n_units).keep
    chance = [1 / n / comb(n, size) for size in range(n)]
    expected = np.array([*(n_rows * share for share in chance), 1])[keep.sum(axis=1)]
    return plain_ridge(keep, game.value(keep), near(keep, width) * expected, ridge)


def lime_of_its_package(game, n_rows, generator):
    """Rows of lime's own law, the full row first, all of weight 1 before the kernel."""
    n_hidden = generator.integers(1, game.n_units + 1, size=n_rows)
    hidden = generator.random((n_rows, game.n_units)).argsort(axis=1).argsort(axis=1) < n_hidden[:, None]
    keep = np.concatenate([np.ones((1, game.n_units), dtype=bool), ~hidden])
    return plain_ridge(keep, game.value(keep), near(keep), 1.0)


# The fit and its error ---------------------------------------------------------------------------------------------


def test_it_is_its_plain_self_with_a_refit_per_pair():
    n, game = 6, any_game(6)
    estimate = Lime(budget=41, kernel_width=0.4, ridge=0.7).attribute(game, rng(3))
    drawn = leverage_pairs(n, 19, rng(3)).keep
    keep = np.concatenate([drawn, np.eye(2, dtype=bool)[:, :1].repeat(n, axis=1)])
    kept, values = keep.sum(axis=1), game.value(keep)
    expected = np.array([1.0 if size == n else 39 / n / (kept == size).sum() for size in kept])
    weight = near(keep, 0.4) * expected
    scores = plain_ridge(keep, values, weight, 0.7)
    np.testing.assert_allclose(estimate.scores, scores, atol=1e-10)
    squares = 0
    for pair in range(19):
        left = np.arange(len(keep)) // 2 != pair
        size = min(kept[2 * pair], n - kept[2 * pair])
        in_all = comb(n, size) / (2 if 2 * size == n else 1)
        drawn_of_size = (np.minimum(kept, n - kept)[:38] == size).sum() / 2
        shift = plain_ridge(keep[left], values[left], weight[left], 0.7) - scores
        squares = squares + (1 - drawn_of_size / in_all) * shift**2
    np.testing.assert_allclose(estimate.std_error, np.sqrt(squares), rtol=1e-8)
    assert estimate.dof == 18 and estimate.n_evals == 40


@pytest.mark.parametrize(("budget", "dof"), [(12, 3), (20, 8), (8, 0)])
def test_degrees_of_freedom_are_rows_less_unknowns_and_at_most_pairs_less_one(budget, dof):
    estimate = Lime(budget).attribute(any_game(6), rng())
    assert estimate.dof == dof and np.isfinite(estimate.scores).all()
    assert np.isnan(estimate.std_error).all() == (dof == 0)


@given(st.integers(1, 7), st.integers(0, 99), st.floats(0.1, 2), st.floats(1e-3, 10))
def test_all_subsets_give_the_slopes_of_the_law_and_no_error(n, seed, width, ridge):
    game, budget = any_game(n, seed), 2**n + 5
    estimate = Lime(budget, width, ridge).attribute(game, rng())
    np.testing.assert_allclose(estimate.scores, slopes_of_the_law(game, budget - 2, ridge, width), atol=1e-7)
    assert not estimate.std_error.any() and estimate.dof == np.inf and estimate.n_evals == 2**n


def test_the_law_is_the_one_of_the_package():
    """Means of many runs of its sampler tend to the slopes that its law expects, at the same strength of ridge."""
    game = smooth_game(8, 3)
    law = slopes_of_the_law(game, 1000)
    found = np.array([lime_of_its_package(game, 1000, rng(seed)) for seed in range(300)])
    gap = np.abs(found.mean(axis=0) - law) / (found.std(axis=0) / np.sqrt(300))
    assert gap.max() < 4.5
    assert (np.abs(found.mean(axis=0) - slopes_of_the_law(game, 100)) > 9 * found.std(axis=0) / np.sqrt(300)).any()


GAMES = {
    "sparse": lambda n, seed: random_game(n, seed)[0],
    "smooth": smooth_game,
    "saturating": saturating_game,
}


@cache
def known(kind, n, n_rows):
    games = [GAMES[kind](n, seed) for seed in range(20)]
    return [(game, slopes_of_the_law(game, n_rows)) for game in games]


def runs(kind, per_unit, n_runs=420, n=12):
    """(result, slopes of the law at as many rows) for runs on twenty games."""
    games = known(kind, n, per_unit * n - 2)
    for seed in range(n_runs):
        game, truth = games[seed % len(games)]
        yield explain(game, Lime(PerUnit(per_unit)), rng=seed), truth


@pytest.mark.parametrize("kind", list(GAMES))
@pytest.mark.parametrize("per_unit", [2, 6, 20])
def test_intervals_cover_the_slopes_of_the_law(kind, per_unit):
    inside = []
    for result, truth in runs(kind, per_unit):
        low, high = result.interval(0.95)
        inside.append((low <= truth) & (truth <= high))
    assert 0.90 < np.mean(inside) < 0.99


@pytest.mark.parametrize("kind", list(GAMES))
@pytest.mark.parametrize("per_unit", [6, 10, 20])
def test_the_error_is_below_that_of_uniformly_drawn_rows(kind, per_unit):
    ours = np.mean([np.mean((result.scores - truth) ** 2) for result, truth in runs(kind, per_unit, 200)])
    theirs = []
    for seed in range(200):
        game, truth = known(kind, 12, per_unit * 12 - 2)[seed % 20]
        theirs.append(np.mean((lime_of_its_package(game, per_unit * 12 - 2, rng(seed)) - truth) ** 2))
    assert ours < np.mean(theirs) * {6: 0.95, 10: 0.8, 20: 0.65}[per_unit]


def test_long_texts_and_many_targets():
    """On a linear game only the ridge is between the slopes and the truth."""
    slopes = rng(1).normal(size=(300, 3))
    result = explain(Game(lambda keep: keep @ slopes, 300, 3), Lime(PerUnit(6), ridge=1e-6))
    np.testing.assert_allclose(result.scores, slopes, atol=1e-4)
    assert result.n_evals == 1800 and result.std_error.max() < 1e-3


def test_the_kernel_prefers_rows_near_the_text():
    keep = leverage_pairs(10, 100, rng()).keep
    weight, size = lime_kernel(keep, 0.25), keep.sum(axis=1)
    assert (np.diff(weight[np.argsort(size)]) >= 0).all()
    np.testing.assert_allclose(lime_kernel(np.array([[True] * 4, [False] * 4]), 0.25), [1, np.exp(-8)])


def test_settings_that_mean_nothing_are_refused():
    with pytest.raises(ValueError, match=r"Lime got kernel_width=0 and ridge=1.0; both must be above 0"):
        Lime(kernel_width=0)
    with pytest.raises(ValueError, match="Lime got 3 rows; it needs at least 4: empty, full and a pair. Raise the bud"):
        Lime(3).attribute(any_game(3), rng())


# One design of rows with KernelShap --------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 3, 6, 12, 26])
@pytest.mark.parametrize("budget", [PerUnit(4), PerUnit(20), 127])
def test_it_asks_for_the_rows_of_kernel_shap(n, budget):
    game = Game(lambda keep: keep[:, 0] * 1.0, n)
    asked = []
    for method in (KernelShap(budget), Lime(budget)):
        spy = Spy(game)
        explain(spy.game, method, rng=7)
        asked.append(sorted(spy.rows))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(("first", "second"), [(KernelShap(28), Lime(28)), (Lime(28), KernelShap(28))])
@pytest.mark.parametrize("in_context", [False, True])
def test_the_second_on_a_real_model_runs_nothing(first, second, in_context):
    query = tiny_query.dutch()
    query = query.with_targets([tiny_query.DRUG]).context() if in_context else query
    one = explain(query, first, rng=2)
    assert query.cost(second, 2, is_timed=False).new_rows == 0
    n_run = query.n_evals
    other = explain(query, second, rng=2)
    assert query.n_evals == n_run and other.n_evals == one.n_evals == 28
    explain(query, second, rng=3)
    assert query.n_evals > n_run


def test_windows_share_too():
    small = planted_tagger(max_pieces=12)
    text = "The patient has a severe lesion . No fever but a lesion . The patient has a severe lesion ."
    spans = Query(small.tagger, Document(text)).predict()[0].spans
    query = Query(small.tagger, Document(text), [Target(Span(s.start, s.end, s.label)) for s in spans])
    assert len(query.parts()) > 1
    explain(query, KernelShap(60))
    n_run = query.n_evals
    explain(query, Lime(60))
    assert query.n_evals == n_run
