"""Owen values against the mean over orders, against shap, on texts; and hiding whole groups."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import random_game, smooth_game, table_game
from spy_model import SpyModel

from explain_lib.attribution import Exact, Occlusion, Owen, PermutationShap, PerUnit, explain
from explain_lib.core import Document, Hierarchy, Span, Target, entity_units
from explain_lib.corpora import clauses, sentences, words
from explain_lib.perturbation import Delete, Game, Query

TREES = [
    ((0, 1, 2), (3, 4), 5),
    (0, (1, (2, 3)), (4, 5)),
    ((((0, 1), 2), 3), (4, 5)),
    (0, 1, 2, 3, 4, 5),
    (5, (4, 3, 2), 1, 0),
]
TEXT = "Zij kreeg furosemide wegens hartfalen. 患者否认发热，无咳嗽。"
DRUG, WHY = Target(Span(10, 20, "X")), Target(Span(28, 37, "Y"))


def orders(node):
    """All orders in which groups stay together, by recursion over permutations of children."""
    if isinstance(node, int):
        return [(node,)]
    found = []
    for children in permutations(node):
        for parts in product(*(orders(child) for child in children)):
            found.append(sum(parts, ()))
    return found


def mean_over_orders(game, tree):
    gains, every = np.zeros((game.n_units, game.n_targets)), orders(tree)
    for order in every:
        keep = np.zeros((game.n_units + 1, game.n_units), dtype=bool)
        for step, unit in enumerate(order, start=1):
            keep[step:, unit] = True
        gains[list(order)] += np.diff(game.value(keep), axis=0)
    return gains / len(every)


def any_game(n, seed=0):
    return table_game(np.random.default_rng(seed).normal(size=(2**n, 2)))


def blocks(n, size):
    return Hierarchy(tuple(tuple(range(i, min(i + size, n))) for i in range(0, n, size)))


@pytest.mark.parametrize("tree", TREES, ids=repr)
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5)
def test_exact_owen_values_are_the_mean_over_orders(tree, seed):
    game = any_game(6, seed)
    result = explain(game, Owen(Hierarchy(tree), budget=64))
    np.testing.assert_allclose(result.scores, mean_over_orders(game, tree), atol=1e-10)
    assert not result.std_error.any() and np.isinf(result.dof).all()


def test_two_groups_by_the_closed_formula():
    """v = all of {0, 1, 2} kept, groups {0, 1} and {2}: 1/2 for the group, halved inside, and 1/2 for the other."""
    game = Game(lambda keep: keep.all(axis=1), 3)
    np.testing.assert_allclose(explain(game, Owen(Hierarchy(((0, 1), 2)))).scores[:, 0], [0.25, 0.25, 0.5])


@pytest.mark.parametrize("method", [Owen(blocks(9, 9), budget=512), Owen(blocks(9, 1), budget=512)])
def test_without_groups_they_are_shapley_values(method):
    game, truth = random_game(9, 1, 2)
    np.testing.assert_allclose(explain(game, method).scores, truth, atol=1e-10)


@given(st.integers(0, 2**32 - 1), st.sampled_from([20, 40, 60, 90]))
def test_a_group_scores_its_shapley_value_among_groups(seed, budget):
    """The quotient property, and completeness, whatever the budget and the seed."""
    game, found = any_game(9, seed), blocks(9, 3)
    result = explain(game, Owen(found, budget=budget), rng=seed)
    np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-10)
    assert result.n_evals <= budget
    if budget == 90:
        quotient = Game(lambda keep: game.value(keep.repeat(3, axis=1)), 3, 2)
        np.testing.assert_allclose(result.scores.reshape(3, 3, 2).sum(axis=1), explain(quotient, Exact()).scores)


@pytest.mark.parametrize("tree", TREES, ids=repr)
def test_sampled_values_are_right_on_average(tree):
    game = any_game(6)
    truth = mean_over_orders(game, tree)
    drawn = np.array([explain(game, Owen(Hierarchy(tree), budget=14), rng=seed).scores for seed in range(400)])
    assert (np.abs(drawn.mean(axis=0) - truth) / (drawn.std(axis=0) + 1e-12)).max() < 4.5 / np.sqrt(400)


@pytest.mark.parametrize("games", ["sparse", "smooth"])
@pytest.mark.parametrize("found", [blocks(12, 6), blocks(12, 3)], ids=["two of six", "four of three"])
def test_intervals_cover(games, found):
    made = [random_game(12, s)[0] if games == "sparse" else smooth_game(12, s) for s in range(20)]
    truth = [explain(game, Owen(found, budget=4096)).scores for game in made]
    inside = []
    for rng in range(400):
        low, high = explain(made[rng % 20], Owen(found, budget=PerUnit(10)), rng=rng).interval()
        inside.append((low - 1e-9 <= truth[rng % 20]) & (truth[rng % 20] <= high + 1e-9))
    assert 0.91 < np.mean(inside) < 0.97


def test_patterns_without_replacement_beat_loose_orders_by_far():
    """Fifteen of the sixteen pairs of orders of a binary tree: nearly exact, and the error says so."""
    found = Hierarchy(tuple(range(32))).halved()
    game, _ = random_game(32, 2)
    exact = explain(game, Owen(found, budget=PerUnit(22)))
    assert not exact.std_error.any() and exact.n_evals == 684
    near = explain(game, Owen(found, budget=650))
    spread = explain(game, PermutationShap(650)).std_error
    assert 0 < near.std_error.mean() < 0.5 * spread.mean()
    assert np.abs(near.scores - exact.scores).max() < 5 * near.std_error.max()


def test_a_single_pair_knows_no_error_and_less_is_refused():
    result = explain(any_game(9), Owen(blocks(9, 3), budget=18))
    assert np.isnan(result.std_error).all() and result.n_evals <= 18
    with pytest.raises(ValueError, match="Owen got 10 rows for 9 active units; one pair of orders takes 18. Raise the"):
        explain(any_game(9), Owen(blocks(9, 3), budget=10))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("n", [5, 8])
def test_shap_partition_where_it_evaluates_everything(n):
    import shap
    from scipy.cluster.hierarchy import linkage

    clustering = linkage(np.arange(n)[:, None] ** 1.3, "complete")
    nodes = list(range(n))
    for left, right, *_ in clustering:
        nodes.append((nodes[int(left)], nodes[int(right)]))
    game = any_game(n)
    masker = shap.maskers.Partition(np.zeros((1, n)), clustering=clustering)
    peer = shap.explainers.Partition(lambda rows: game.value(rows > 0.5), masker)
    theirs = peer(np.ones((1, n)), max_evals=100_000, silent=True).values[0]
    ours = explain(game, Owen(Hierarchy(nodes[-1]), budget=2**n))
    np.testing.assert_allclose(ours.scores, theirs, atol=1e-9)
    assert ours.n_evals < 2**n


# On texts ------------------------------------------------------------------------------------------------------------


def query(targets=(DRUG, WHY), max_pieces=10_000, **settings):
    return Query(SpyModel(max_pieces=max_pieces), Document(TEXT), targets=targets, **settings)


LEVELS = [Owen(), Owen((sentences,)), Owen((entity_units, clauses), halved=True), Owen((clauses,), budget=60)]


@pytest.mark.parametrize("method", LEVELS, ids=repr)
def test_targets_share_rows_and_windows_are_games_of_their_own(method):
    together, cut = query(), query(max_pieces=12)
    result = explain(together, method, rng=1)
    np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-9)
    assert together.n_evals == result.n_evals <= 20 * together.n_units
    for index, target in enumerate((DRUG, WHY)):
        alone = explain(query([target]), method, rng=1)
        np.testing.assert_allclose(result.scores[:, index], alone.scores[:, 0], atol=1e-10)
    (_, first), (_, second) = cut.parts()
    parted = explain(cut, method, rng=1)
    np.testing.assert_array_equal(parted.active, np.stack([first.active, second.active], axis=1))
    assert not parted.scores[~parted.active].any() and parted.scores[parted.active].any()
    np.testing.assert_allclose(parted.completeness_gap, 0, atol=1e-9)


def test_groups_of_a_text_are_the_groups_of_its_game():
    q = query()
    found = Hierarchy((tuple(range(6)), (6, 7, 8), (9, 10)))
    assert q.n_units == 11
    a, b = explain(q, Owen((clauses,)), rng=4), explain(Game(q.value, 11, 2), Owen(found), rng=4)
    np.testing.assert_array_equal(a.scores, b.scores)
    c = explain(q, Owen(found), rng=4)
    np.testing.assert_array_equal(a.scores, c.scores)


@pytest.mark.parametrize("method", [*LEVELS, Occlusion(groups=sentences)], ids=repr)
def test_own_units_leave_their_groups_in_the_context_arm_and_under_delete(method):
    for q in (query([DRUG]).context(), query([DRUG], hiding=Delete())):
        own = q.units.inside(DRUG.span)
        result = explain(q, method)
        np.testing.assert_array_equal(result.active[:, 0], ~own)
        assert not result.scores[own].any() and result.scores[~own].any()


@pytest.mark.parametrize("method", [*LEVELS, Occlusion(groups=sentences)], ids=repr)
def test_one_and_no_active_unit(method):
    lone = Query(SpyModel(), Document("furosemide"), targets=[Target(Span(0, 10, "X"))])
    result = explain(lone, method)
    np.testing.assert_allclose(result.scores[0], result.full_value - result.base_value)
    nothing = explain(lone.context(), method)
    assert not nothing.active.any() and not nothing.scores.any() and nothing.n_evals == 1


def test_a_game_has_no_text_to_group():
    for method in (Owen(), Occlusion(groups=sentences)):
        with pytest.raises(TypeError, match="a Game has no text to group; give a Hierarchy of its units"):
            explain(any_game(4), method)
    with pytest.raises(ValueError, match="the hierarchy holds 5 units, the question 4"):
        explain(any_game(4), Owen(blocks(5, 2)))
    with pytest.raises(TypeError, match=r"levels is a function; give a list such as \[words, sentences\]"):
        Owen(sentences)


def test_a_method_shows_its_settings():
    assert repr(Owen()) == "Owen(levels=(words, clauses, sentences), halved=False, budget=PerUnit(rows=20))"
    assert eval(repr(Owen())) == Owen() and eval(repr(Owen([words]))) == Owen((words,))  # noqa: S307
    fixed = Owen(Hierarchy(((0, 1), 2)), halved=True, budget=9)
    assert eval(repr(fixed)) == fixed  # noqa: S307
    assert repr(Occlusion(2, sentences)) == "Occlusion(window=2, groups=sentences)"
    assert eval(repr(Occlusion(groups=Hierarchy((0, 1))))) == Occlusion(groups=Hierarchy((0, 1)))  # noqa: S307


# Hiding whole groups -------------------------------------------------------------------------------------------------


def test_each_unit_of_a_group_shows_what_the_group_loses():
    game = any_game(6)
    result = explain(game, Occlusion(groups=Hierarchy(((0, 1, 2), 3, (4, 5)))))
    full = game.value(np.ones((1, 6), dtype=bool))[0]
    for group in ([0, 1, 2], [3], [4, 5]):
        loss = full - game.value(~np.isin(np.arange(6), group)[None])[0]
        np.testing.assert_allclose(result.scores[group], np.repeat(loss[None], len(group), axis=0))
    assert result.n_evals == 5 and not result.std_error.any()


def test_a_text_of_one_sentence_is_one_group():
    q = Query(SpyModel(), Document("Zij kreeg furosemide."), targets=[DRUG])
    result = explain(q, Occlusion(groups=sentences))
    np.testing.assert_allclose(result.scores[:, 0], (result.full_value - result.base_value).repeat(4))
    assert result.n_evals == 2
    np.testing.assert_allclose(explain(q, Owen((sentences,))).scores, explain(q, Exact()).scores)


def test_windows_of_groups_slide_over_groups():
    game = any_game(6)
    pairs = Hierarchy(((0, 1), (2, 3), (4, 5)))
    merged = Game(lambda keep: game.value(keep.repeat(2, axis=1)), 3, 2)
    grouped = explain(game, Occlusion(2, pairs)).scores
    np.testing.assert_allclose(grouped, explain(merged, Occlusion(2)).scores.repeat(2, axis=0))


def test_a_sentence_of_a_text_is_hidden_at_once():
    q = query([DRUG])
    result = explain(q, Occlusion(groups=sentences))
    first = np.arange(11) < 6
    expected = q.value(np.ones((1, 11), dtype=bool)) - q.value(np.stack([~first, first]))
    np.testing.assert_allclose(result.scores[:, 0], np.where(first, expected[0], expected[1]))
    assert result.n_evals == 4
