"""Pairwise interactions against their definitions, against shapiq, and on texts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import Spy, harsanyi_game, random_game, smooth_game, table_game
from spy_model import SpyModel

from explain_lib.attribution import Banzhaf, Exact, KernelShap, Occlusion, explain
from explain_lib.attribution.black_box.pair_regression import (
    fit_pairs, leave_one_out_error, pair_weights, plain_fit, scored,
)  # fmt: skip
from explain_lib.attribution.black_box.random_effects import NOISE
from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.interactions import (
    FaithBanzhaf, FaithShap, ShapleyInteraction, interactions, nearest_units, strongest_units,
)  # fmt: skip
from explain_lib.attribution.interactions.faith_banzhaf import uniform_halves
from explain_lib.attribution.interactions.faith_shap import kriged_halves, plain_halves
from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import linear_tagger
from explain_lib.perturbation import Delete, Game, Query
from explain_lib.perturbation.budget import PerPair
from explain_lib.perturbation.sampling import all_subsets, leverage_pairs, uniform_pairs

INDICES = [FaithShap, FaithBanzhaf, ShapleyInteraction]
each = pytest.mark.parametrize("index", INDICES)
SEEDS = st.integers(0, 2**32 - 1)
TEXT = "Zij kreeg furosemide wegens hartfalen. 患者否认发热，无咳嗽。"
DRUG, WHY = Target(Span(10, 20, "X")), Target(Span(28, 37, "Y"))


def any_game(n, seed=0, n_targets=2):
    return table_game(np.random.default_rng(seed).normal(size=(2**n, n_targets)))


def effects(n):
    """Main effects first, then pairs: the subsets of one and of two units."""
    return [*combinations(range(n), 1), *combinations(range(n), 2)]


def as_matrix(n, values):
    found = np.zeros((n, n, values.shape[1]))
    for subset, value in zip(effects(n), values, strict=True):
        found[subset[0], subset[-1]] = found[subset[-1], subset[0]] = value
    return found


def best_fit(game, weight_of_size, meet_ends):
    """Weighted least squares of the whole game by main effects and pairs, both ends met by Lagrange multipliers."""
    n, keep = game.n_units, all_subsets(game.n_units).keep
    design = np.array([[all(row[list(s)]) for s in effects(n)] for row in keep], dtype=float)
    values = game.value(keep)
    if meet_ends:
        inner = keep.sum(axis=1) % n != 0
        root = np.sqrt([weight_of_size(s) for s in keep[inner].sum(axis=1).tolist()])[:, None]
        a, b = root * design[inner], root * (values[inner] - values[0])
        system = np.block([[a.T @ a, np.ones((len(a.T), 1))], [np.ones((1, len(a.T))), np.zeros((1, 1))]])
        right = np.concatenate([a.T @ b, (values[-1] - values[0])[None]])
        return as_matrix(n, np.linalg.solve(system, right)[:-1])
    design = np.concatenate([np.ones((len(keep), 1)), design], axis=1)
    return as_matrix(n, np.linalg.lstsq(design, values, rcond=None)[0][1:])


def definition(index, game):
    from math import comb

    n = game.n_units
    if index is FaithShap:
        return best_fit(game, lambda s: 1 / (comb(n, s) * s * (n - s)), meet_ends=True)
    if index is FaithBanzhaf:
        return best_fit(game, None, meet_ends=False)
    values = dict(zip(map(bytes, all_subsets(n).keep), game.value(all_subsets(n).keep), strict=True))

    def v(units):
        return values[np.isin(np.arange(n), list(units)).tobytes()]

    found = np.zeros((n, n, game.n_targets))
    for i, j in combinations(range(n), 2):
        rest = [u for u in range(n) if u not in (i, j)]
        for size in range(n - 1):
            gains = [v([*s, i, j]) - v([*s, i]) - v([*s, j]) + v(s) for s in combinations(rest, size)]
            found[i, j] += np.mean(gains, axis=0) / (n - 1)
        found[j, i] = found[i, j]
    shapley = explain(game, Exact()).scores
    found[np.arange(n), np.arange(n)] = shapley - found.sum(axis=1) / 2
    return found


@each
@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_all_subsets_give_the_definition(index, n):
    game = any_game(n)
    found = interactions(game, index(2**n))
    np.testing.assert_allclose(found.scores, definition(index, game), atol=1e-9)
    assert not found.std_error.any() and np.isinf(found.dof).all() and found.n_evals == 2**n


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("index", "name"), [(FaithShap, "FSII"), (FaithBanzhaf, "FBII"), (ShapleyInteraction, "k-SII")]
)
def test_shapiq_computes_the_same(index, name):
    import shapiq

    game, n = any_game(7, n_targets=1), 7
    empty = float(game.value(np.zeros((1, n), dtype=bool))[0, 0])

    class Peer(shapiq.Game):
        def __init__(self):
            super().__init__(n_players=n, normalize=True, normalization_value=empty)

        def value_function(self, coalitions):
            return game.value(np.asarray(coalitions, dtype=bool))[:, 0]

    theirs = shapiq.ExactComputer(n_players=n, game=Peer())(index=name, order=2)
    ours = interactions(game, index(2**n)).scores[..., 0]
    for subset in effects(n):
        assert ours[subset[0], subset[-1]] == pytest.approx(theirs[subset], abs=1e-6)


@each
@given(SEEDS, st.sampled_from([64, 150, 300]))
@settings(max_examples=20)
def test_shares_are_values_and_shapley_indices_are_complete(index, seed, budget):
    """64 rows are all subsets of six units; 150 and 300 rows are drawn from those of ten."""
    game = any_game(6 if budget == 64 else 10, seed)
    found = interactions(game, index(budget), rng=seed)
    assert found.n_evals <= budget
    if index is not FaithBanzhaf:
        np.testing.assert_allclose(found.completeness_gap, 0, atol=1e-8)
    if budget == 64:
        values = explain(game, Banzhaf() if index is FaithBanzhaf else Exact()).scores
        np.testing.assert_allclose(found.shares, values, atol=1e-9)


@each
@given(SEEDS)
@settings(max_examples=10)
def test_linear_in_the_score_and_one_target_at_a_time(index, seed):
    values = np.random.default_rng(seed).normal(size=(2**9, 2))
    mixed = np.concatenate([values, values @ [[2.0], [-0.5]]], axis=1)
    found = interactions(table_game(mixed), index(200), rng=seed)
    expected = 2 * found.scores[..., 0] - 0.5 * found.scores[..., 1]
    np.testing.assert_allclose(found.scores[..., 2], expected, atol=1e-7)
    alone = interactions(table_game(mixed[:, [1]]), index(200), rng=seed)
    np.testing.assert_allclose(alone.scores[..., 0], found.scores[..., 1], atol=1e-9)
    np.testing.assert_allclose(alone.std_error[..., 0], found.std_error[..., 1], atol=1e-9)
    again = interactions(table_game(mixed), index(200), rng=seed)
    assert again.scores.tobytes() == found.scores.tobytes() and again.provenance == found.provenance


@each
def test_a_game_of_pairs_is_found_exactly_from_few_rows(index):
    pairs = [((i, j), [w]) for (i, j), w in zip(combinations(range(14), 2), np.linspace(-1, 2, 91), strict=True)]
    singles = [((i,), [0.1 * i]) for i in range(14)]
    game, _ = harsanyi_game(14, singles + pairs)
    found = interactions(game, index(PerPair(3)), rng=2)
    for subset, (worth,) in singles + pairs:
        assert found.scores[subset[0], subset[-1], 0] == pytest.approx(worth, abs=1e-8)
    assert np.nanmax(found.std_error) < 1e-7 and found.n_evals <= 3 * 91


def drawn_rows(draw, n, n_pairs, game):
    sets = draw(n, n_pairs, np.random.default_rng(0)).keep[::2]
    return sets, ask(game, np.stack([sets, ~sets], axis=1).reshape(-1, n))


def test_plain_fits_by_weighted_least_squares_and_refits():
    """Shifts without a pair of rows are what a refit gives, for both halves."""
    sets, answers = drawn_rows(leverage_pairs, 10, 130, any_game(10))
    whole = plain_halves(sets, answers)
    loss = (answers.full + answers.base) / 2 - (answers.values[::2] + answers.values[1::2]) / 2
    weight, _ = pair_weights(10, sets.sum(axis=1))
    cut = np.array([[row[i] != row[j] for i, j in combinations(range(10), 2)] for row in sets]) / 2
    for pair in (20, 70, 129):
        left = np.arange(130) != pair
        root = np.sqrt(weight[left])[:, None]
        without = np.linalg.lstsq(root * cut[left], root * loss[left], rcond=None)[0]
        shift = whole.even.gain[pair, :, None] * whole.even.left_out[pair]
        np.testing.assert_allclose(whole.even.coefficients - without, shift, atol=1e-8)
    shapley = scored(*plain_fit(sets, answers.values[::2] - answers.values[1::2], answers.full - answers.base))
    np.testing.assert_allclose(whole.shares, shapley[0], atol=1e-9)
    np.testing.assert_allclose(leave_one_out_error(whole.odd.gain, whole.odd.left_out, whole.unsampled), shapley[1])


def test_shares_of_faith_shap_are_those_of_kernel_shap():
    sets, answers = drawn_rows(leverage_pairs, 10, 130, any_game(10))
    found = kriged_halves(sets, answers)
    scores, error = fit_pairs(sets, answers.values[::2] - answers.values[1::2], answers.full - answers.base)
    np.testing.assert_allclose(found.shares, scores, atol=1e-8)
    np.testing.assert_allclose(leave_one_out_error(found.odd.gain, found.odd.left_out, found.unsampled), error)


@pytest.mark.parametrize("index", [FaithShap, FaithBanzhaf])
def test_fours_are_expected_as_random_effects(index):
    """The even fit by its definition: effects of four units drawn from one normal law, conditional on the rows."""
    n, n_pairs = 9, 100
    draw = uniform_pairs if index is FaithBanzhaf else leverage_pairs
    sets, answers = drawn_rows(draw, n, n_pairs, any_game(n))
    every = np.concatenate([sets, np.ones((1, n), dtype=bool)])
    signs, quadruples = np.where(every, 1.0, -1.0), list(combinations(range(n), 4))
    effects = np.array([signs[:, list(units)].prod(axis=1) for units in quadruples]).T
    pairs = list(combinations(range(n), 2))
    sums = np.concatenate([answers.values[::2] + answers.values[1::2], (answers.full + answers.base)[None]]) / 2
    if index is FaithBanzhaf:
        rows = np.array([[1, *(row[i] * row[j] / 4 for i, j in pairs)] for row in signs])
        variances, observed = np.append(np.ones(n_pairs), (2 ** (n - 1) - 1) / n_pairs), sums
        belongs = np.zeros((len(quadruples), len(pairs) + 1))
        found = uniform_halves(sets, answers).even
    else:
        rows = np.array([[(row[i] != row[j]) / 2 for i, j in pairs] for row in signs[:-1]])
        variances, observed = 1 / pair_weights(n, sets.sum(axis=1))[0], sums[-1] - sums[:-1]
        effects = effects[-1] - effects[:-1]
        belongs = 0.8 * np.array([[set(pair) <= set(units) for pair in pairs] for units in quadruples])
        found = kriged_halves(sets, answers).even
    covariance = effects @ effects.T / len(quadruples) + NOISE * np.diag(variances / variances.mean())

    def fitted(used):
        weight = np.linalg.inv(covariance[np.ix_(used, used)])
        mean = np.linalg.solve(rows[used].T @ weight @ rows[used], rows[used].T @ weight @ observed[used])
        drawn = effects[used].T @ weight @ (observed[used] - rows[used] @ mean) / len(quadruples)
        return mean + belongs.T @ drawn

    used = np.arange(len(observed))
    np.testing.assert_allclose(found.coefficients, fitted(used), atol=1e-7)
    for pair in (3, 50, 99):
        shift = found.gain[pair, :, None] * found.left_out[pair]
        np.testing.assert_allclose(found.coefficients - fitted(np.delete(used, pair)), shift, atol=1e-7)


def test_four_units_in_code_count_eight_tenths_in_each_pair():
    game = Game(lambda keep: np.where(keep, 1.0, -1.0)[:, :4].prod(axis=1), 6)
    expected = np.zeros((6, 6))
    expected[:4, :4] = 0.8 - 2 * np.eye(4)
    np.testing.assert_allclose(interactions(game, FaithShap(64)).scores[..., 0], expected, atol=1e-9)


@cache
def games_with_truth(kind, index):
    made = [random_game(10, s)[0] if kind == "sparse" else smooth_game(10, s) for s in range(10)]
    return [(game, interactions(game, index(1024)).scores) for game in made]


@each
@pytest.mark.parametrize("kind", ["sparse", "smooth"])
@pytest.mark.parametrize("rows", [4, 8])
def test_intervals_cover(index, kind, rows):
    pairs, mains, errors = [], [], []
    upper = np.triu_indices(10, 1)
    for rng in range(80):
        game, truth = games_with_truth(kind, index)[rng % 10]
        found = interactions(game, index(PerPair(rows)), rng=rng)
        low, high = found.interval()
        inside = (low - 1e-9 <= truth) & (truth <= high + 1e-9)
        pairs.append(inside[upper].mean())
        mains.append(np.einsum("iit->it", inside).mean())
        errors.append(np.mean((found.scores - truth) ** 2) / np.mean(truth**2))
    assert 0.94 < np.mean(pairs) < 0.995 and 0.93 < np.mean(mains) < 0.995
    assert np.mean(errors) < {4: 0.2, 8: 0.04}[rows]


@each
def test_the_bias_is_small_against_the_spread_of_one_run(index):
    game, truth = games_with_truth("sparse", index)[0]
    drawn = np.array([interactions(game, index(400), rng=rng).scores for rng in range(60)])
    error = np.abs(drawn.mean(axis=0) - truth) / (drawn.std(axis=0) + 1e-9)
    assert error.mean() < 0.4  # random effects and least squares lean a little; sampling alone would give 0.1


@each
def test_budgets_are_kept_and_too_small_ones_refused(index):
    game = smooth_game(12, 0)
    spy = Spy(game)
    found = interactions(spy.game, index(250))
    assert found.n_evals == spy.n_distinct <= 250
    name = index.__name__
    message = rf"{name} got 197 rows for 12 active units, which form 66 pairs; it needs at least 198 \(three per pair\)"
    with pytest.raises(ValueError, match=message):
        interactions(game, index(197))
    many = Game(lambda keep: keep.sum(axis=1), 81)
    with pytest.raises(ValueError, match=r"got 81 active units, .* allowed are 80 units. Choose some: among="):
        interactions(many, index())
    with pytest.raises(ValueError, match=r"PerPair\(0\) allows no rows; give at least 1 row per pair of units"):
        PerPair(0)


@each
def test_one_unit_and_none(index):
    one = interactions(Game(lambda keep: 3.0 * keep[:, 0] + 1, 1), index())
    assert one.scores.tolist() == [[[3.0]]] and one.n_evals == 2 and not one.std_error.any()
    none = interactions(Game(lambda keep: np.full(len(keep), 2.0), 0), index())
    assert none.scores.shape == (0, 0, 1) and none.n_evals == 1 and none.base_value == none.full_value == 2


@each
def test_among_keeps_all_other_units_in_place(index):
    game = any_game(7)
    among = np.isin(np.arange(7), [1, 3, 4, 6])
    found = interactions(game, index(16), among=among)

    def inner(keep):
        rows = np.ones((len(keep), 7), dtype=bool)
        rows[:, among] = keep
        return game.value(rows)

    expected = interactions(Game(inner, 4, 2), index(16))
    np.testing.assert_array_equal(found.scores[np.ix_(among, among)], expected.scores)
    np.testing.assert_array_equal(found.active, among[:, None].repeat(2, axis=1))
    assert np.count_nonzero(found.scores) == np.count_nonzero(expected.scores)
    np.testing.assert_array_equal(found.base_value, game.value(~among[None])[0])


def test_what_cannot_be_meant_is_refused():
    game = any_game(4)
    with pytest.raises(TypeError, match="the method is a Exact; give an interaction method with its settings"):
        interactions(game, Exact())
    with pytest.raises(TypeError, match="the method is the class FaithShap; give an interaction method"):
        interactions(game, FaithShap)
    with pytest.raises(TypeError, match=r"among has dtype int64; it needs bool \(True = the unit may be hidden\)"):
        interactions(game, FaithShap(), among=[0, 1])
    with pytest.raises(ValueError, match=r"among has shape \(3,\); it needs \(4,\): one entry per unit"):
        interactions(game, FaithShap(), among=[True] * 3)
    with pytest.raises(ValueError, match="the query has no targets; give it at least one"):
        interactions(query([]), FaithShap())
    assert eval(repr(FaithShap(PerPair(6)))) == FaithShap(PerPair(6))  # noqa: S307


# On texts ------------------------------------------------------------------------------------------------------------


def query(targets=(DRUG, WHY), max_pieces=10_000, **settings):
    return Query(SpyModel(max_pieces=max_pieces), Document(TEXT), targets=targets, **settings)


@each
def test_a_query_is_the_game_of_its_rows_and_targets_share_them(index):
    both = query()
    found = interactions(both, index(), rng=3)
    plain = interactions(Game(both.value, both.n_units, 2), index(), rng=3)
    np.testing.assert_array_equal(found.scores, plain.scores)
    np.testing.assert_array_equal(found.std_error, plain.std_error)
    assert found.n_evals == both.n_evals <= 4 * 55 and found.targets == both.targets
    assert found.provenance.model == "spy" and found.provenance.rng == "3"
    alone = interactions(query([WHY]), index(), rng=3)
    np.testing.assert_allclose(found.scores[..., 1], alone.scores[..., 0], atol=1e-10)


@each
def test_both_arms_delete_and_windows(index):
    for q in (query([DRUG]).context(), query([DRUG], hiding=Delete())):
        own = q.units.inside(DRUG.span)
        found = interactions(q, index())
        np.testing.assert_array_equal(found.active[:, 0], ~own)
        assert not found.scores[own].any() and not found.std_error[own].any() and found.scores[~own].any()
    cut = query(max_pieces=12)
    (_, a), (_, b) = cut.parts()
    found = interactions(cut, index(), rng=1)
    np.testing.assert_array_equal(found.active, np.stack([a.active, b.active], axis=1))
    alone = interactions(b, index(), rng=1)
    np.testing.assert_allclose(found.scores[..., 1], alone.scores[..., 0], atol=1e-10)
    lone = Query(SpyModel(), Document("furosemide"), targets=[Target(Span(0, 10, "X"))]).context()
    assert not interactions(lone, index()).active.any()


class NoisyQuery(Query):
    """A query in reduced precision."""

    @property
    def noise(self):
        return np.array([0.3, 0.4])


def test_rounding_noise_joins_the_error():
    quiet, noisy = query(), NoisyQuery(SpyModel(), Document(TEXT), targets=[DRUG, WHY])
    a, b = (interactions(q, FaithShap(300)) for q in (quiet, noisy))
    np.testing.assert_array_equal(a.scores, b.scores)
    np.testing.assert_allclose(b.std_error, np.sqrt(a.std_error**2 + np.array([0.3, 0.4]) ** 2))


@each
def test_units_of_a_linear_tagger_do_not_interact(index):
    text = "the patient has severe headache after fever ."
    toy = linear_tagger(3)
    q = Query(toy.tagger, Document(text), targets=[Target(Span(23, 31, "Disease"), margin="left")])
    found = interactions(q, index(PerPair(3)))
    np.testing.assert_allclose(found.main[:, 0], toy.left_margin(text, 4), atol=1e-5)
    off = ~np.eye(q.n_units, dtype=bool)
    np.testing.assert_allclose(found.scores[off], 0, atol=1e-5)


def test_strongest_and_nearest_units():
    q = query()
    loss = explain(q, Occlusion())
    chosen = strongest_units(loss, 3)
    size = np.abs(loss.scores).max(axis=1)
    assert chosen.sum() == 3 and size[chosen].min() >= size[~chosen].max()
    near = nearest_units(q, 4)
    np.testing.assert_array_equal(np.flatnonzero(near), [1, 2, 3, 4])
    context = query([DRUG]).context()
    near = nearest_units(context, 2)
    np.testing.assert_array_equal(np.flatnonzero(near), [1, 3])
    found = interactions(context, FaithShap(), among=near)
    np.testing.assert_array_equal(found.active[:, 0], near)
    assert nearest_units(q, 100).all() and strongest_units(loss, 100).all()
    with pytest.raises(ValueError, match="0 units were asked for; choose at least 1"):
        nearest_units(q, 0)


def test_forty_units_are_feasible_among_the_strongest():
    game, _ = random_game(40, 0)
    top = strongest_units(explain(game, KernelShap(200)), 12)
    found = interactions(game, FaithShap(), among=top)
    assert found.n_evals <= 4 * 66 and found.active.sum() == 12
    assert replace(found, method=None).scores.shape == (40, 40, 1)
