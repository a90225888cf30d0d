"""AttentionRollout and GradientAttention: plain re-implementations, what they promise, and what they do not."""

from __future__ import annotations

import numpy as np
import pytest
from small_bert import HEADACHE, ZH, query, small_bert

from explain_lib.attribution import AttentionRollout, GradientAttention, explain
from explain_lib.attribution.attention.gradient_attention import relevancy
from explain_lib.attribution.attention.rollout import rollout
from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import linear_tagger
from explain_lib.perturbation import Game, Query

BOTH = [AttentionRollout(), GradientAttention()]
each = pytest.mark.parametrize("method", BOTH, ids=repr)


@pytest.fixture(scope="module")
def tagger():
    return small_bert()


def attention(tagger, q):
    (window,) = q.evaluations.windows
    events = [tagger.event(t, q.encoding, window) for t in q.targets]
    return tagger.attention(tagger.row(q.encoding, window), events, q.score)


def plain_rollout(weights):
    flow = None
    for layer in weights.astype(float):
        mixed = 0.5 * sum(layer) / len(layer) + 0.5 * np.eye(layer.shape[-1])
        mixed = mixed / mixed.sum(axis=1, keepdims=True)
        flow = mixed if flow is None else np.matmul(mixed, flow)
    return flow


def plain_relevancy(weights, slopes):
    size = weights.shape[-1]
    flow = np.eye(size)
    for layer in range(len(weights)):
        mean = np.zeros((size, size))
        for head in range(weights.shape[1]):
            mean += np.clip(slopes[layer, head] * weights[layer, head], 0, None) / weights.shape[1]
        flow = flow + mean @ flow
    return flow - np.eye(size)


def test_against_plain_loops(tagger):
    """ "severe headache" is read at columns 4 and 5 (after [CLS] no fever but), "头痛" at 6 and 7."""
    q = query(tagger)
    found = attention(tagger, q)
    slopes = list(found.slopes)
    np.testing.assert_allclose(rollout(found.weights), plain_rollout(found.weights), atol=1e-12)
    of = {AttentionRollout(): [plain_rollout(found.weights)] * 2,
          GradientAttention(): [plain_relevancy(found.weights, s) for s in slopes]}  # fmt: skip
    for method, flows in of.items():
        ours = explain(q, method)
        for i, (flow, columns) in enumerate(zip(flows, ([4, 5], [6, 7]), strict=True)):
            np.testing.assert_allclose(ours.scores[:, i], flow[columns].mean(axis=0)[1:-1], atol=1e-12)
        assert (ours.scores >= 0).all() and not ours.std_error.any() and np.isinf(ours.dof).all()
        np.testing.assert_allclose(ours.full_value, q.value(np.ones((1, q.n_units), dtype=bool))[0])


def test_rollout_rows_add_up_to_one():
    weights = np.random.default_rng(0).dirichlet(np.ones(6), size=(3, 2, 6)).astype(np.float32)
    np.testing.assert_allclose(rollout(weights).sum(axis=1), 1, atol=1e-6)


def test_slopes_that_are_all_against_the_target_leave_nothing():
    weights = np.random.default_rng(0).dirichlet(np.ones(6), size=(3, 2, 6)).astype(np.float32)
    assert not relevancy(weights, -np.ones_like(weights)).any()


def test_rollout_knows_the_place_of_a_target_and_nothing_else(tagger):
    targets = HEADACHE, Target(HEADACHE.span, versus="Drug"), Target(Span(13, 28, "Drug"))
    rolled, weighted = (explain(query(tagger, targets), method).scores for method in BOTH)
    np.testing.assert_array_equal(rolled[:, [0, 0, 0]], rolled)
    assert len({column.tobytes() for column in weighted.T}) == 3


@each
def test_the_context_arm_keeps_the_entity_out(tagger, method):
    q = query(tagger, (HEADACHE,))
    own = q.units.inside(HEADACHE.span)
    everywhere, context = explain(q, method), explain(q.context(), method)
    assert not context.scores[own].any() and everywhere.scores[own].all()
    np.testing.assert_array_equal(context.scores[~own], everywhere.scores[~own])


@each
def test_targets_together_score_as_one_at_a_time(tagger, method):
    together = explain(query(tagger), method)
    for i, target in enumerate((HEADACHE, ZH)):
        alone = explain(query(tagger, (target,)), method)
        np.testing.assert_allclose(together.scores[:, [i]], alone.scores, atol=1e-12)


@each
def test_other_parameters_give_another_attribution(tagger, method):
    assert not np.allclose(explain(query(tagger), method).scores, explain(query(small_bert(1)), method).scores)


@each
def test_nothing_but_a_query_on_a_transformer_is_explained(method):
    toy = linear_tagger(rng=3)
    q = Query(toy.tagger, Document("患者头痛"), targets=[Target(Span(2, 4, "Disease"))])
    with pytest.raises(TypeError, match="LinearNetwork offers no attention weights"):
        explain(q, method)
    with pytest.raises(TypeError, match="this method needs a Query on a model"):
        explain(Game(lambda keep: keep.sum(axis=1), 3), method)
