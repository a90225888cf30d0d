"""shap's explainers on queries and games: the same numbers as ours where they compute the same."""

from __future__ import annotations

import numpy as np
import pytest
import shap
from known_games import Spy, harsanyi_game, random_game, table_game
from tiny_query import DRUG, dutch

from explain_lib.attribution import Exact, IntegratedGradients, ShapMethod, explain
from explain_lib.attribution.bridges.shap_rows import balanced
from explain_lib.perturbation import Game

ROWS = ["ExactExplainer", "PermutationExplainer", "PartitionExplainer", "KernelExplainer", "SamplingExplainer"]
each = pytest.mark.parametrize("name", [*ROWS, "GradientExplainer"])
each_on_rows = pytest.mark.parametrize("name", ROWS)


def method(name, settings=(), **rest):
    return ShapMethod(getattr(shap, name), dict(settings), **rest)


@each
def test_a_class_runs_on_a_query(name):
    result = explain(dutch(), method(name), rng=0)
    assert result.scores.shape == (6, 2) and result.scores.any(axis=0).all()
    is_sampled = name in ("PermutationExplainer", "SamplingExplainer", "GradientExplainer")
    assert np.isnan(result.std_error).all() == is_sampled
    again = explain(dutch(), method(name), rng=0)
    assert again.scores.tobytes() == result.scores.tobytes()


@each
def test_targets_together_score_as_one_at_a_time(name):
    """Partition looks first where the largest target moves: with rows for its whole tree that is no difference."""
    together, alone = (explain(dutch(t), method(name), rng=3) for t in ((DRUG, dutch().targets[1]), [DRUG]))
    np.testing.assert_allclose(together.scores[:, 0], alone.scores[:, 0], rtol=1e-4, atol=1e-6)


@each
def test_the_context_arm_leaves_the_own_units_at_zero(name):
    query = dutch([DRUG]).context()
    result = explain(query, method(name), rng=0)
    assert not result.scores[~query.active].any() and not result.std_error[~query.active].any()
    assert result.scores[query.active].all()


@pytest.mark.parametrize("name", ["ExactExplainer", "KernelExplainer"])
def test_exact_where_all_subsets_are_asked_for(name):
    query = dutch()
    theirs, ours = explain(query, method(name, budget=64)), explain(query, Exact())
    np.testing.assert_allclose(theirs.scores, ours.scores, atol=1e-6)
    assert theirs.n_evals == 64 and not theirs.std_error.any()


@pytest.mark.parametrize("name", ["PermutationExplainer", "KernelExplainer", "SamplingExplainer"])
def test_sampled_values_tend_to_the_exact_ones(name):
    game, truth = random_game(9, 1, n_targets=2)
    errors = [np.abs(explain(game, method(name, budget=b), rng=0).scores - truth).max() for b in (40, 8000)]
    assert errors[1] < 0.3 and errors[1] < errors[0] / 3


def test_no_feature_is_left_out():
    """shap's own default keeps ten of the fifteen."""
    game = Game(lambda keep: keep @ np.arange(1.0, 16), 15)
    ours = explain(game, method("KernelExplainer"), rng=0).scores[:, 0]
    np.testing.assert_allclose(ours, np.arange(1.0, 16), atol=1e-6)
    kept = explain(game, method("KernelExplainer", {"l1_reg": "num_features(10)"}), rng=0).scores[:, 0]
    assert np.count_nonzero(np.abs(kept) > 1e-9) == 10


@each_on_rows
@pytest.mark.parametrize("n_units", [1, 2, 9])
def test_rows_asked_for_are_counted_and_stay_within_the_budget(name, n_units):
    game, _ = random_game(n_units, 0, n_targets=2)
    spy = Spy(game)
    result = explain(spy.game, method(name, budget=60), rng=1)
    assert result.n_evals == spy.n_distinct
    if name != "ExactExplainer":
        assert result.n_evals <= 60


@each_on_rows
def test_complete_at_any_budget(name):
    game, _ = random_game(9, 4)
    for budget in (60, 600):
        gap = explain(game, method(name, budget=budget), rng=2).completeness_gap
        np.testing.assert_allclose(gap, 0, atol=1e-4)  # Sampling closes it by a ridge


def owen_of_two_pairs(values):
    """Owen values of the tree ((0, 1), (2, 3)) by hand: each group is a player, then each unit within it."""

    def worth(*units):
        return values[sum(1 << unit for unit in units), 0]

    found = []
    for unit, mate, other in ((0, 1, (2, 3)), (1, 0, (2, 3)), (2, 3, (0, 1)), (3, 2, (0, 1))):
        contexts = [(), (mate,), other, (*other, mate)]
        found.append(np.mean([worth(*context, unit) - worth(*context) for context in contexts]))
    return np.array(found)


def test_partition_is_owen_values_over_halves():
    values = np.random.default_rng(0).normal(size=(16, 1))
    result = explain(table_game(values), method("PartitionExplainer"))
    np.testing.assert_allclose(result.scores[:, 0], owen_of_two_pairs(values), atol=1e-9)
    assert not result.std_error.any()


def test_partition_cut_short_knows_it():
    game, _ = harsanyi_game(16, [((0, 5), [3.0]), ((9, 15), [2.0])])
    cut, whole = (explain(game, method("PartitionExplainer", budget=b)) for b in (20, 600))
    assert np.isnan(cut.std_error).all() and not whole.std_error.any()
    assert cut.n_evals <= 20 and np.abs(cut.completeness_gap).max() < 1e-9


def test_a_tree_of_the_users_own():
    values = np.random.default_rng(1).normal(size=(16, 1))
    chain = np.array([[0, 1, 1, 2], [4, 2, 2, 3], [5, 3, 3, 4]], dtype=float)
    halves, own = (
        explain(table_game(values), method("PartitionExplainer", {"clustering": tree} if tree is not None else {}))
        for tree in (None, chain)
    )
    assert np.abs(halves.scores - own.scores).max() > 1e-3
    with pytest.raises(ValueError, match=r"'clustering' has shape \(2, 4\); for 4 active units it needs \(3, 4\)"):
        explain(table_game(values), method("PartitionExplainer", {"clustering": chain[:2]}))


@pytest.mark.parametrize("n_units", [2, 3, 5, 8])
def test_halves_are_a_linkage_in_the_order_of_the_text(n_units):
    from scipy.cluster.hierarchy import is_valid_linkage, leaves_list

    tree = balanced(n_units)
    assert is_valid_linkage(tree)
    np.testing.assert_array_equal(leaves_list(tree), range(n_units))


def test_coalitions_by_name():
    values = np.random.default_rng(0).normal(size=(16, 1))
    tree = {"partition_tree": {"left": ["0", "1"], "right": ["2", "3"]}}
    result = explain(table_game(values), method("CoalitionExplainer", tree))
    np.testing.assert_allclose(result.scores[:, 0], owen_of_two_pairs(values), atol=1e-9)


def test_gradient_explainer_tends_to_integrated_gradients():
    ours = explain(dutch(), IntegratedGradients(200)).scores
    theirs = explain(dutch(), method("GradientExplainer", {"nsamples": 2000}), rng=0).scores
    assert np.abs(theirs - ours).max() < 0.1 * np.abs(ours).max()


def test_deep_explainer_says_that_it_has_no_rules_for_a_transformer():
    with pytest.raises(ValueError, match=r"shap's DeepExplainer has no rules for this model: The SHAP explanations do"):
        explain(dutch(), method("DeepExplainer"))


@pytest.mark.parametrize("name", ["TreeExplainer", "LinearExplainer", "AdditiveExplainer", "Explainer"])
def test_other_classes_are_refused_with_a_reason(name):
    with pytest.raises(ValueError, match=rf"shap's {name} cannot explain a query: it \w+"):
        method(name)


def test_what_cannot_be_is_refused():
    game, _ = random_game(15, 0)
    with pytest.raises(ValueError, match=r"ExactExplainer got 15 active units, which is 2 \*\* 15 rows; the bridge"):
        explain(game, method("ExactExplainer"))
    with pytest.raises(ValueError, match=r"PermutationExplainer got 30 rows for 15 active units; it needs at least 31"):
        explain(game, method("PermutationExplainer", budget=30))
    with pytest.raises(ValueError, match=r"SamplingExplainer got 60 rows for 15 active units; it needs at least 62"):
        explain(game, method("SamplingExplainer", budget=60))
    with pytest.raises(ValueError, match=r"'masker' of PermutationExplainer is filled in from the query; allowed are"):
        explain(game, method("PermutationExplainer", {"masker": None}))
    with pytest.raises(ValueError, match=r"setting 'clustering' is unknown to this class"):
        explain(game, method("PermutationExplainer", {"clustering": balanced(15)}))
    with pytest.raises(TypeError, match=r"got the class Exact; give a class of shap"):
        ShapMethod(Exact)
    with pytest.raises(TypeError, match=r"shap's GradientExplainer needs a Query on a model"):
        explain(game, method("GradientExplainer"))
