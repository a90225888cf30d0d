"""Gradient recipes: nodes and baselines, parity with captum on a small transformer, completeness."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explain_lib.attribution import GradientInput, IntegratedGradients, explain
from explain_lib.attribution.gradient.baseline import hidden_ids
from explain_lib.attribution.gradient.quadrature import gauss_legendre
from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.models.toy import word_tokenizer
from explain_lib.perturbation import AttentionOff, Delete, MaskPiece, NeutralPiece, Query

TEXT = "no fever but severe headache 头痛 ."
TAGS = ("O", "B-Disease", "I-Disease")
HEADACHE, ZH = Target(Span(13, 28, "Disease")), Target(Span(29, 31, "Disease"))
HIDINGS = [MaskPiece(), NeutralPiece(), AttentionOff(), Delete()]


@pytest.fixture(scope="module")
def tagger():
    from transformers import BertConfig, BertForTokenClassification

    torch.manual_seed(0)
    tokenizer = word_tokenizer(["no", "fever", "but", "severe", "headache", "头", "痛", "."])
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        num_labels=3, initializer_range=0.6, max_position_embeddings=32, id2label=dict(enumerate(TAGS)),
    )  # fmt: skip
    module = BertForTokenClassification(config).eval()
    return load_model((module, tokenizer), dtype="float32", device="cpu")


def query(tagger, targets=(HEADACHE, ZH), **settings):
    return Query(tagger, Document(TEXT), targets=targets, **settings)


def score_of_embeddings(tagger, query, target):
    """The score of one target as a torch function of input embeddings, for captum."""
    encoding, (window,) = query.encoding, query.evaluations.windows
    event = tagger.event(target, encoding, window)
    labels_at = torch.as_tensor(tagger.row(encoding, window).labels_at[0])

    def score(embeddings):
        logits = tagger.network.module(inputs_embeds=embeddings).logits[:, labels_at]
        return tagger.decoder.scores(logits.double(), [event], query.score)[:, 0]

    return score


def embed(tagger, ids):
    with torch.no_grad():
        return tagger.network.module.get_input_embeddings()(torch.as_tensor(ids).reshape(1, -1))


def pooled(query, theirs):
    """captum's scores of embeddings [1, length, width], summed over the pieces of each unit."""
    return query.alignment.pool_sum(theirs.sum(dim=-1)[0, 1:-1].detach().numpy())


@pytest.mark.parametrize("score", ["log_odds", "log_prob", "probability"])
@pytest.mark.parametrize("index", [0, 1])
def test_captum_integrated_gradients(tagger, index, score):
    from captum.attr import IntegratedGradients as CaptumIntegratedGradients

    q = query(tagger, score=score)
    (window,) = q.evaluations.windows
    row = tagger.row(q.encoding, window)
    inputs, baseline = embed(tagger, row.ids), embed(tagger, hidden_ids(q, window))
    peer = CaptumIntegratedGradients(score_of_embeddings(tagger, q, q.targets[index]))
    theirs = peer.attribute(inputs, baseline, n_steps=32, method="gausslegendre")
    ours = explain(q, IntegratedGradients(steps=32))
    np.testing.assert_allclose(ours.scores[:, index], pooled(q, theirs), rtol=1e-4, atol=1e-5)
    assert ours.n_evals == 34 and not ours.std_error.any() and np.isinf(ours.dof).all()


@pytest.mark.parametrize("index", [0, 1])
def test_captum_input_times_gradient(tagger, index):
    from captum.attr import InputXGradient

    q = query(tagger)
    (window,) = q.evaluations.windows
    inputs = embed(tagger, tagger.row(q.encoding, window).ids).requires_grad_()
    theirs = InputXGradient(score_of_embeddings(tagger, q, q.targets[index])).attribute(inputs)
    ours = explain(q, GradientInput())
    np.testing.assert_allclose(ours.scores[:, index], pooled(q, theirs), rtol=1e-4, atol=1e-5)
    assert ours.n_evals == 3


@pytest.mark.parametrize("hiding", [MaskPiece(), NeutralPiece()], ids=repr)
def test_completeness_closes_with_more_nodes(tagger, hiding):
    few, many = (explain(query(tagger, hiding=hiding), IntegratedGradients(steps)) for steps in (2, 200))
    assert np.abs(many.completeness_gap).max() < 5e-3 < np.abs(few.completeness_gap).max()


def test_completeness_holds_in_the_context_arm(tagger):
    q = query(tagger, [HEADACHE]).context()
    result = explain(q, IntegratedGradients(200))
    own = q.units.inside(HEADACHE.span)
    assert not result.scores[own].any() and result.scores[~own].all()
    assert np.abs(result.completeness_gap).max() < 5e-3


def test_gradient_times_input_leaves_the_entity_out_of_the_context_arm(tagger):
    q = query(tagger, [HEADACHE])
    own = q.units.inside(HEADACHE.span)
    everywhere, context = explain(q, GradientInput()), explain(q.context(), GradientInput())
    assert not context.scores[own].any() and everywhere.scores[own].all()
    np.testing.assert_allclose(context.scores[~own], everywhere.scores[~own], rtol=1e-6)


@pytest.mark.parametrize("hiding", HIDINGS, ids=repr)
def test_the_baseline_replaces_active_units_and_nothing_else(tagger, hiding):
    q = query(tagger, [HEADACHE], hiding=hiding).context()
    (window,) = q.evaluations.windows
    row, ids = tagger.row(q.encoding, window).ids[0], hidden_ids(q, window)
    active = np.concatenate([[False], q.active[q.alignment.owner], [False]])
    full_stop = tagger.vocabulary.ids(".")[0]
    stand_in = full_stop if isinstance(hiding, NeutralPiece) else tagger.vocabulary.mask
    np.testing.assert_array_equal(ids, np.where(active, stand_in, row))
    assert active.sum() == len(row) - 4


@pytest.mark.parametrize("method", [GradientInput(), IntegratedGradients(8)], ids=repr)
def test_targets_together_score_as_one_at_a_time(tagger, method):
    together = explain(query(tagger), method)
    for index, target in enumerate((HEADACHE, ZH)):
        alone = explain(query(tagger, [target]), method)
        np.testing.assert_allclose(together.scores[:, index], alone.scores[:, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", [GradientInput(), IntegratedGradients(8)], ids=repr)
def test_gradients_leave_the_model_as_it_was(tagger, method):
    module = tagger.network.module
    before = {name: weight.clone() for name, weight in module.state_dict().items()}
    explain(query(tagger), method)
    assert all(torch.equal(weight, before[name]) for name, weight in module.state_dict().items())
    assert all(weight.grad is None for weight in module.parameters()) and not module.training


@pytest.mark.parametrize("steps", [1, 2, 5, 32])
def test_nodes_integrate_polynomials_exactly(steps):
    nodes, weights = gauss_legendre(steps)
    assert (nodes > 0).all() and (nodes < 1).all()
    for power in range(2 * steps):
        np.testing.assert_allclose(weights @ nodes**power, 1 / (power + 1), rtol=1e-12)
    assert abs(weights @ nodes ** (2 * steps) - 1 / (2 * steps + 1)) > 0


def test_integrated_gradients_refuses_no_steps():
    with pytest.raises(ValueError, match=r"IntegratedGradients\(steps=0\) has no node; give at least 1 step"):
        IntegratedGradients(steps=0)
