"""What must hold of every gradient method: shared targets, sums, both arms, windows, any tokenizer, cancelling."""

from __future__ import annotations

from contextlib import contextmanager
from unittest import mock

import numpy as np
import pytest
import torch
from small_bert import HEADACHE, ZH, query, small_bert
from tiny_checkpoints import ARCHITECTURES, TEXTS, build

from explain_lib.attribution import (
    GradientAttention, GradientInput, GradientShap, IntegratedGradients, SmoothGrad, explain, explain_many,
)  # fmt: skip
from explain_lib.attribution.gradient.baseline import PadPiece, ZeroEmbedding
from explain_lib.core import NO_ENTITY, Document, Span, Target
from explain_lib.models import load_model
from explain_lib.perturbation import Game, MaskPiece, NeutralPiece, Query

PATHS = [IntegratedGradients(steps=12), IntegratedGradients(tolerance=1e-3), GradientShap(draws=7, noise=0.1)]
METHODS = [GradientInput(), SmoothGrad(draws=5), *PATHS]
FIXED = [GradientInput(), SmoothGrad(draws=5), IntegratedGradients(steps=12), GradientShap(draws=7, noise=0.1)]
each = pytest.mark.parametrize("method", METHODS, ids=repr)


@pytest.fixture(scope="module")
def tagger():
    return small_bert()


@each
def test_targets_together_score_as_one_at_a_time(tagger, method):
    targets = HEADACHE, ZH, Target(ZH.span, versus=NO_ENTITY), Target(HEADACHE.span, margin="left")
    together = explain(query(tagger, targets), method, rng=2)
    for i, target in enumerate(targets):
        alone = explain(query(tagger, (target,)), method, rng=2)
        np.testing.assert_allclose(together.scores[:, [i]], alone.scores, atol=1e-9)
        np.testing.assert_allclose(together.std_error[:, [i]], alone.std_error, atol=1e-9)


@pytest.mark.parametrize("method", FIXED, ids=repr)
def test_a_contrast_is_explained_by_the_difference_of_its_sides(tagger, method):
    """The attribution of a sum of targets is the sum of their attributions, on the same nodes and draws."""
    contrast = Target(HEADACHE.span, versus="Drug")
    sides = HEADACHE, Target(Span(13, 28, "Drug"))
    whole = explain(query(tagger, (contrast,)), method, rng=2)
    parts = explain(query(tagger, sides, score="log_prob"), method, rng=2)
    np.testing.assert_allclose(whole.scores[:, 0], parts.scores[:, 0] - parts.scores[:, 1], atol=1e-9)
    np.testing.assert_allclose(whole.full_value[0], parts.full_value[0] - parts.full_value[1], atol=1e-9)


@each
def test_the_context_arm_leaves_the_entity_as_it_is(tagger, method):
    q = query(tagger, (HEADACHE,))
    own = q.units.inside(HEADACHE.span)
    found = explain(q.context(), method)
    assert not found.scores[own].any() and not found.std_error[own].any() and found.scores[~own].all()
    assert np.isinf(found.dof[own]).all()


@pytest.mark.parametrize("baseline", [None, MaskPiece(), NeutralPiece(), PadPiece(), ZeroEmbedding()], ids=repr)
def test_completeness_in_the_context_arm_for_any_baseline(tagger, baseline):
    q = query(tagger, (HEADACHE,)).context()
    found = explain(q, IntegratedGradients(tolerance=1e-3, baseline=baseline))
    assert np.abs(found.completeness_gap).max() <= 1e-3
    full = q.value(np.ones((1, q.n_units), dtype=bool))[0]
    np.testing.assert_allclose(found.full_value, full, atol=1e-8)
    assert abs(found.full_value - found.base_value) > 0.01


def test_baselines_differ():
    tagger = small_bert()
    with torch.no_grad():  # transformers begins with zeros for padding
        tagger.network.module.get_input_embeddings().weight[tagger.vocabulary.pad] = 0.5
    baselines = None, NeutralPiece(), PadPiece(), ZeroEmbedding()
    found = [explain(query(tagger), IntegratedGradients(8, baseline=b)).scores for b in baselines]
    assert len({scores.tobytes() for scores in found}) == 4
    mask = explain(query(tagger), IntegratedGradients(8, baseline=MaskPiece())).scores
    np.testing.assert_array_equal(mask, found[0])


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("text", [TEXTS[2], TEXTS[4]], ids=["zh", "emoji"])
def test_no_piece_is_lost_between_pieces_and_units(architecture, text):
    """Chinese, byte-level pieces and joined units: with every piece pooled, the scores add up to full − base."""
    tagger = load_model(build(architecture), dtype="float64", label_positions="all_pieces")
    encoding = tagger.encode(text)
    target = Target(Span(*map(int, encoding.extents[1]), "Disease"))
    q = Query(tagger, Document(text), targets=[target])
    found = explain(q, IntegratedGradients(tolerance=1e-4))
    assert np.abs(found.completeness_gap).max() <= 1e-4
    value = q.value(np.stack([np.zeros(q.n_units, dtype=bool), np.ones(q.n_units, dtype=bool)]))
    np.testing.assert_allclose(np.stack([found.base_value, found.full_value]), value, atol=1e-7)


@pytest.mark.parametrize("method", [*METHODS, GradientAttention()], ids=repr)
def test_targets_in_two_windows_are_explained_each_in_its_own(method):
    tagger = load_model(build("bert"), dtype="float64", max_length=24)
    text = " ".join(TEXTS[:2])
    encoding = tagger.encode(text)
    ends = [encoding.extents[i] for i in (0, -2)]
    targets = [Target(Span(int(start), int(end), "Drug")) for start, end in ends]
    q = Query(tagger, Document(text), targets=targets)
    assert len(q.parts()) == 2
    together = explain(q, method, rng=1)
    for i, target in enumerate(targets):
        alone = explain(q.with_targets([target]), method, rng=1)
        np.testing.assert_allclose(together.scores[:, [i]], alone.scores, atol=1e-9)
        outside = ~together.active[:, i]
        assert outside.any() and not together.scores[outside, i].any()


@each
def test_no_active_unit_leaves_nothing_to_score(tagger, method):
    q = Query(tagger, Document("severe headache"), targets=[Target(Span(0, 15, "Disease"))])
    found = explain(q.context(), method)
    assert not found.scores.any() and not found.std_error.any() and found.n_evals == 1
    np.testing.assert_allclose(found.base_value, found.full_value)


@each
def test_parameter_randomisation_changes_the_attribution(tagger, method):
    scores = [explain(query(t), method, rng=0).scores for t in (tagger, small_bert(1))]
    correlation = np.corrcoef(scores[0].ravel(), scores[1].ravel())[0, 1]
    assert abs(correlation) < 0.9


@pytest.mark.parametrize("method", [*METHODS, GradientAttention()], ids=repr)
def test_the_tick_counts_points_and_what_it_raises_stops_the_run(tagger, method, monkeypatch):
    monkeypatch.setattr("explain_lib.models.family.points_at_once", lambda *_: 2)
    q, seen = query(tagger), []
    with q.watched(lambda done, in_all: seen.append((done, in_all))):
        explain(q, method)
    assert all(done <= in_all for done, in_all in seen) and any(done == in_all for done, in_all in seen)

    def cancel(done, in_all):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), q.with_targets([ZH]).watched(cancel):
        explain(q.with_targets([ZH]), method, rng=5)


@pytest.mark.parametrize("method", [*METHODS, GradientAttention()], ids=repr)
def test_the_callers_module_is_left_alone(method):
    module, tokenizer = build("roberta")
    module.requires_grad_(True).train()
    before = {name: weight.clone() for name, weight in module.state_dict().items()}
    tagger = load_model((module, tokenizer), dtype="float32")
    target = Target(Span(22, 32, "Drug"))
    explain(Query(tagger, Document(TEXTS[1]), targets=[target]), method)
    for own in (module, tagger.network.module):
        assert all(torch.equal(weight, before[name]) for name, weight in own.state_dict().items())
        assert all(weight.grad is None for weight in own.parameters())
        assert not any(p._forward_hooks or p._backward_hooks or p._forward_pre_hooks for p in own.modules())
    assert module.training and all(weight.requires_grad for weight in module.parameters())


@each
def test_gradients_of_a_reduced_model_are_those_in_float32(method):
    module = build("bert")
    results = []
    for dtype in ("bfloat16", "float32"):
        tagger = load_model(module, dtype=dtype)
        q = Query(tagger, Document(TEXTS[1]), targets=[Target(Span(22, 32, "Drug"))])
        results.append(explain(q, method, rng=0))
    np.testing.assert_array_equal(results[0].scores, results[1].scores)
    if method in PATHS:
        np.testing.assert_array_equal(results[0].completeness_gap, results[1].completeness_gap)


@each
def test_a_game_has_no_gradients(method):
    with pytest.raises(TypeError, match="this method needs a Query on a model; a Game is a plain function"):
        explain(Game(lambda keep: keep.sum(axis=1), 3), method)


@contextmanager
def counted(model):
    """How many points the model is asked for, one number a call."""
    asked, inner = [], type(model).gradients

    def gradients(self, row, points, *others):
        asked.append(len(points))
        return inner(self, row, points, *others)

    with mock.patch.object(type(model), "gradients", gradients):
        yield asked


@pytest.mark.parametrize("method", [GradientInput(), *PATHS[:2]], ids=repr)
def test_where_nothing_is_drawn_an_explanation_is_remembered(tagger, method):
    q = query(tagger, (HEADACHE,))
    first = explain(q, method)
    with counted(q.model) as asked:
        again = explain(q, method, rng=5)
        assert not asked and again.scores.tobytes() == first.scores.tobytes() and again.n_evals == first.n_evals
        others = q.with_targets([ZH]), q.with_score("log_prob"), q.context(), q.without(~q.units.inside(HEADACHE.span))
        for other in others:
            asked.clear()
            found = explain(other, method)
            assert asked and found.scores.tobytes() != first.scores.tobytes()
        asked.clear()
        explain(query(tagger, (HEADACHE,)), method)
        assert asked  # another table of rows remembers for itself


@pytest.mark.parametrize("method", [SmoothGrad(draws=5), GradientShap(draws=7)], ids=repr)
def test_what_is_drawn_is_drawn_anew(tagger, method):
    q = query(tagger, (HEADACHE,))
    first = explain(q, method, rng=1)
    assert explain(q, method, rng=2).scores.tobytes() != first.scores.tobytes()


@pytest.mark.parametrize("method", [GradientInput(), SmoothGrad(draws=5)], ids=repr)
def test_explained_beside_others_no_pass_is_run_twice(tagger, method):
    with counted(tagger) as asked:
        explain_many([query(tagger, (HEADACHE,)), query(tagger, (ZH,))], method)
    assert sum(asked) == 2 * getattr(method, "draws", 1)
