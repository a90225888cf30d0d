"""`explain` on queries and games: windows, arms, active units, noise, provenance, rows."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import random_game
from spy_model import SpyModel

from explain_lib.attribution import (
    Exact, GradientInput, IntegratedGradients, KernelShap, Lime, Occlusion, PermutationShap, PerUnit, explain,
)  # fmt: skip
from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import PLANTED, linear_tagger, planted_tagger
from explain_lib.perturbation import AttentionOff, Delete, Game, MaskPiece, Query

TEXT = "Zij kreeg furosemide wegens hartfalen; 患者否认发热。"
DRUG, WHY = Target(Span(10, 20, "X")), Target(Span(28, 37, "Y"))
METHODS = [Exact(), Occlusion(), KernelShap(PerUnit(5)), PermutationShap(PerUnit(5)), Lime(PerUnit(5))]
each = pytest.mark.parametrize("method", METHODS, ids=repr)


def query(targets=(DRUG, WHY), **settings):
    model = SpyModel(**{name: settings.pop(name) for name in ("max_pieces", "is_exact") if name in settings})
    return Query(model, Document(TEXT, lang="nl"), targets=targets, **settings)


def same_target(whole, index, alone):
    part = whole.target(index)
    for name in ("scores", "std_error", "dof", "base_value", "full_value", "active"):
        np.testing.assert_allclose(getattr(part, name), getattr(alone, name), rtol=1e-10, atol=1e-12)


def test_a_game_gets_names_and_numbers():
    game, truth = random_game(12, 0, n_targets=2)
    result = explain(game, Exact())
    assert result.units.texts == tuple(f"x{i}" for i in range(12))
    assert [target.label for target in result.targets] == ["output 0", "output 1"]
    np.testing.assert_allclose(result.scores, truth, atol=1e-10)
    assert result.active.all() and result.n_evals == 2**12 and result.provenance.rng == "0"


@each
def test_a_game_without_units_has_no_scores(method):
    result = explain(Game(lambda keep: np.full(len(keep), 3.0), 0), method)
    assert result.scores.shape == (0, 1) and result.n_evals == 1
    assert result.base_value == result.full_value == 3


def test_a_game_that_returns_nan_is_refused():
    with pytest.raises(ValueError, match=r"the game returned NaN or infinity for row \d+; every value must be finite"):
        explain(Game(lambda keep: np.where(keep.all(axis=1), np.nan, 0.0), 3), Exact())


def test_a_query_without_targets_is_refused():
    with pytest.raises(ValueError, match="the query has no targets; give it at least one"):
        explain(query(targets=()), Occlusion())


@pytest.mark.parametrize("method", [GradientInput(), IntegratedGradients()], ids=repr)
def test_gradients_need_a_model(method):
    with pytest.raises(TypeError, match="this method needs a Query on a model; a Game is a plain function"):
        explain(random_game(4, 0)[0], method)


@each
def test_a_query_is_explained_as_the_game_of_its_rows(method):
    q = query()
    result = explain(q, method, rng=3)
    assert q.active.all()
    plain = explain(Game(q.value, q.n_units, q.n_targets), method, rng=3)
    np.testing.assert_array_equal(result.scores, plain.scores)
    np.testing.assert_array_equal(result.std_error, plain.std_error)
    ends = q.value(np.array([[False], [True]]).repeat(q.n_units, axis=1))
    np.testing.assert_array_equal([result.base_value, result.full_value], ends)
    assert result.units.document is q.document and result.targets == q.targets and result.method is method


@each
def test_rows_are_counted_whatever_was_known_before(method):
    fresh, known = query(), query()
    known.value(np.random.default_rng(9).random((50, known.n_units)) < 0.5)
    first, second = explain(fresh, method), explain(known, method)
    assert fresh.n_evals == first.n_evals == second.n_evals
    again = explain(fresh, method)
    assert again.n_evals == first.n_evals and fresh.n_evals == first.n_evals
    assert again.scores.tobytes() == first.scores.tobytes() == second.scores.tobytes()


@each
def test_targets_share_rows_and_score_as_one_at_a_time(method):
    both = query()
    together = explain(both, method, rng=1)
    assert both.n_evals == together.n_evals
    for index, target in enumerate((DRUG, WHY)):
        alone = explain(both.with_targets([target]), method, rng=1)
        same_target(together, index, alone)
    assert both.n_evals == together.n_evals


@pytest.mark.parametrize("method", [KernelShap(PerUnit(12)), PermutationShap(PerUnit(12))], ids=repr)
def test_sampled_intervals_hold_the_exact_scores_of_a_model(method):
    q = query()
    truth = explain(q, Exact()).scores
    intervals = [explain(q, method, rng=rng).interval(0.95) for rng in range(40)]
    assert 0.9 < np.mean([(low <= truth) & (truth <= high) for low, high in intervals]) < 0.995


@each
def test_the_context_arm_keeps_the_entity_and_explains_the_rest(method):
    q = query(targets=[DRUG]).context()
    own = q.units.inside(DRUG.span)
    result = explain(q, method)
    np.testing.assert_array_equal(result.active[:, 0], ~own)
    assert not result.scores[own].any() and not result.std_error[own].any() and np.isinf(result.dof[own]).all()
    assert result.scores[~own].any()
    np.testing.assert_array_equal(result.base_value, q.value(own[None])[0])
    assert result.provenance.arm == "context"


def test_an_entity_without_context_has_no_active_unit():
    q = Query(SpyModel(), Document("furosemide"), targets=[Target(Span(0, 10, "X"))]).context()
    result = explain(q, KernelShap())
    assert not result.active.any() and not result.scores.any() and result.n_evals == 1
    np.testing.assert_array_equal(result.completeness_gap, 0)


@each
def test_targets_in_two_windows_are_two_games(method):
    q = query(max_pieces=10)
    (first, a), (second, b) = q.parts()
    assert (first, second) == ((0,), (1,)) and (a.active != b.active).any()
    result = explain(q, method, rng=2)
    np.testing.assert_array_equal(result.active, np.stack([a.active, b.active], axis=1))
    assert not result.scores[~result.active].any()
    alone = [explain(part, method, rng=2) for part in (a, b)]
    for index, part in enumerate(alone):
        same_target(result, index, part)
    assert result.n_evals == sum(part.n_evals for part in alone)


def test_each_window_has_the_whole_budget():
    q = query(max_pieces=10)
    assert [part.active.sum() for _, part in q.parts()] == [4, 5]
    assert explain(q, PermutationShap(10)).n_evals == 8 + 10  # one pair of orders over four units, one over five
    assert explain(q, KernelShap(20)).n_evals == 16 + 20


def test_units_that_cannot_be_deleted_are_not_active():
    q = query(targets=[DRUG], hiding=Delete())
    result = explain(q, Occlusion())
    np.testing.assert_array_equal(result.active[:, 0], ~q.units.inside(DRUG.span))
    assert result.scores[result.active].any() and not result.scores[~result.active].any()


class NoisyQuery(Query):
    """A query in reduced precision."""

    @property
    def noise(self):
        return np.array([0.3, 0.4])


@pytest.mark.parametrize("method", [Exact(), PermutationShap(PerUnit(5)), PermutationShap(26)], ids=repr)
def test_rounding_noise_joins_the_error_in_quadrature(method):
    quiet = query()
    noisy = NoisyQuery(SpyModel(), Document(TEXT, lang="nl"), targets=quiet.targets)
    a, b = explain(quiet, method), explain(noisy, method)
    np.testing.assert_array_equal(a.scores, b.scores)
    np.testing.assert_allclose(b.std_error, np.sqrt(a.std_error**2 + np.array([0.3, 0.4]) ** 2))
    assert (a.provenance.noise_floor, b.provenance.noise_floor) == (0, 0.4)


def test_provenance_says_enough_to_make_it_again():
    result = explain(query(score="probability"), KernelShap(80), rng=17)
    p = result.provenance
    assert (p.model, p.hiding, p.score, p.arm) == ("spy", "MaskPiece(piece='<0>')", "probability", "all units")
    assert (p.precision, p.noise_floor, p.rng) == ("float32", 0.0, "17")
    assert {"numpy", "torch", "explain-workbench"} <= set(p.versions)
    assert repr(result.method) == "KernelShap(budget=80, tolerance=None)"
    generator = explain(query(), KernelShap(80), rng=np.random.default_rng(4)).provenance.rng
    assert generator == "Generator(entropy=4, spawn_key=(), n_children_spawned=0)"


# Taggers whose truth is known ---------------------------------------------------------------------------------------

LINEAR_TEXT = "the patient has severe headache after fever ."
HEADACHE = Span(23, 31, "Disease")


@pytest.mark.parametrize("hiding", [MaskPiece(), AttentionOff()], ids=repr)
@pytest.mark.parametrize(
    "method",
    [Exact(), Occlusion(), KernelShap(40), PermutationShap(16), IntegratedGradients(steps=1), GradientInput()],
    ids=repr,
)
def test_a_linear_tagger_gives_back_its_contributions(method, hiding):
    toy = linear_tagger(3)
    q = Query(toy.tagger, Document(LINEAR_TEXT), targets=[Target(HEADACHE, margin="left")], hiding=hiding)
    result = explain(q, method)
    np.testing.assert_allclose(result.scores[:, 0], toy.left_margin(LINEAR_TEXT, 4), atol=1e-5)
    assert np.count_nonzero(toy.left_margin(LINEAR_TEXT, 4)) == 5
    np.testing.assert_allclose(result.completeness_gap, 0, atol=1e-5)


@pytest.mark.parametrize("lang", ["zh", "nl", "en"])
@pytest.mark.parametrize(
    "method", [Exact(), Occlusion(), PermutationShap(PerUnit(4)), GradientInput(), IntegratedGradients()], ids=repr
)
def test_a_planted_rule_is_found_and_nothing_else(method, lang):
    toy = planted_tagger()
    for text in PLANTED[lang].texts:
        document = Document(text, lang=lang)
        q = Query(toy.tagger, document)
        (prediction,) = q.predict()
        q = q.with_targets([Target(span) for span in prediction.spans])
        if isinstance(method, Exact) and q.n_units > 14:
            continue
        scores = explain(q, method).scores
        relevant = np.isin(np.arange(q.n_units), q.alignment.owner[toy.relevant(text)])
        assert np.abs(scores[~relevant]).max(initial=0) < 1e-12
        heads = np.stack([q.units.inside(target.span) for target in q.targets], axis=1)
        assert (np.abs(scores) * heads).max(axis=0).min() > 0.1


@pytest.mark.parametrize("method", [KernelShap(PerUnit(10)), PermutationShap(PerUnit(10))], ids=repr)
def test_sampled_scores_find_the_exact_ones_in_a_planted_text(method):
    text = PLANTED["nl"].texts[1]
    q = Query(planted_tagger().tagger, Document(text, lang="nl"))
    q = q.with_targets([Target(span) for span in q.predict()[0].spans])
    truth, result = explain(q, Exact()), explain(q, method)
    low, high = result.interval(0.99)
    inside = (low - 1e-9 <= truth.scores) & (truth.scores <= high + 1e-9)
    assert inside.mean() > 0.9 and result.n_evals <= 10 * q.n_units


@pytest.mark.parametrize("method", [Occlusion(), GradientInput(), IntegratedGradients()], ids=repr)
def test_windows_tell_the_same_as_the_whole_text_where_context_is_short(method):
    """The planted rule looks at neighbours only (and for a trigger, absent here), so a window sees all that counts."""
    text = "The patient has a severe lesion . " * 4
    documents = Document(text, lang="en")
    found = Query(planted_tagger().tagger, documents).predict()[0].spans
    targets = [Target(span) for span in found]
    assert len(targets) == 4
    whole, cut = (Query(planted_tagger(max_pieces=n).tagger, documents, targets=targets) for n in (100, 12))
    a, b = explain(whole, method), explain(cut, method)
    assert len(cut.parts()) > 2 and not b.active.all()
    np.testing.assert_allclose(a.scores, b.scores, atol=1e-6)
    assert (np.count_nonzero(b.scores, axis=0) == 2).all()


@pytest.mark.parametrize("method, got", [("KernelShap", "a str"), (KernelShap, "the class KernelShap")])
def test_what_is_no_method_is_refused(method, got):
    with pytest.raises(TypeError, match=f"the method is {got}; give a method with its settings"):
        explain(query(), method)
