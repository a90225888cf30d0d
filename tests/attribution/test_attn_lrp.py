"""Attention-aware relevance: its rules against plain formulas, books that balance, and what must change it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from tiny_checkpoints import TEXTS, build
from tiny_query import DRUG, dutch, tagger
from torch import nn

from explain_lib.attribution import AttnLRP, GradientInput, Occlusion, explain, relevance_ledger
from explain_lib.attribution.relevance.book import BIAS, SHIFT, SOFTMAX, Book
from explain_lib.attribution.relevance.rule_copy import rule_copy
from explain_lib.attribution.relevance.rules import (
    RuleActivation, RuleAttention, RuleLinear, RuleNorm, halved, masked, scaled,
)  # fmt: skip
from explain_lib.core import Document, Span, Target
from explain_lib.corpora import demo_documents
from explain_lib.models import demo_model, load_model, predict, toy
from explain_lib.perturbation import Game, Query

ARCHITECTURES = ["bert", "distilbert", "roberta", "xlm_roberta"]
each_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES)


def drawn(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def linear(n_in, n_out, seed):
    layer = nn.Linear(n_in, n_out).double()
    layer.weight.data, layer.bias.data = drawn(n_out, n_in, seed=seed), drawn(n_out, seed=seed + 1)
    return layer.requires_grad_(False)


def sent_back(module, x, upper):
    """Relevance of x when `upper` is that of the module's output."""
    x = x.clone().requires_grad_()
    out = module(x)
    (gradient,) = torch.autograd.grad(out, x, upper / out.detach())
    return (x * gradient).detach()


def share(parts, upper, total):
    """Relevance of summands: `parts` [..., n, m] add up (with what is left out) to `total` [..., m]."""
    return (parts * (upper / total).unsqueeze(-2)).sum(-1)


@pytest.mark.parametrize("epsilon", [0.0, 1e-6, 0.3])
def test_the_epsilon_rule_of_a_linear_layer(epsilon):
    layer, x, upper = linear(4, 3, 1), drawn(2, 4), drawn(2, 3, seed=9)
    y = layer(x)
    stabilised = y + epsilon * torch.where(y < 0, -1.0, 1.0)
    expected = share(x[..., None] * layer.weight.T, upper, stabilised)
    torch.testing.assert_close(sent_back(RuleLinear(layer, epsilon, Book(False)), x, upper), expected)


@pytest.mark.parametrize("function", [nn.GELU(), nn.ReLU(), nn.Tanh(), nn.SiLU()], ids=str)
def test_an_activation_passes_on_what_reaches_it(function):
    x, upper = drawn(2, 5), drawn(2, 5, seed=1).abs()
    x[0, 0] = 0
    rule = RuleActivation(function, Book(False))
    torch.testing.assert_close(rule(x), function(x))
    is_on = function(x) != 0
    upper = torch.where(is_on, upper, 0.0)
    padded = torch.where(is_on, rule(x).detach(), 1.0)
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(rule(x), x, upper / padded)
    torch.testing.assert_close((x * gradient).detach(), upper)


def test_an_activation_that_is_not_zero_at_zero_keeps_that_part():
    x, book = drawn(2, 5).requires_grad_(), Book(True)
    y = RuleActivation(nn.Sigmoid(), book)(x)
    torch.testing.assert_close(y, torch.sigmoid(x))
    (entry,) = book.entries
    gradients = torch.autograd.grad(y.sum(), [x, entry.above])
    kept = (entry.above * gradients[1]).sum()
    torch.testing.assert_close((x * gradients[0]).sum() + kept, y.sum())
    torch.testing.assert_close(kept, torch.tensor(5.0, dtype=torch.float64))


def test_a_layer_normalisation_holds_its_deviation_fixed():
    layer = nn.LayerNorm(6).double().requires_grad_(False)
    layer.weight.data, layer.bias.data = drawn(6, seed=3), drawn(6, seed=4)
    x, upper = drawn(2, 6), drawn(2, 6, seed=5)
    torch.testing.assert_close(RuleNorm(layer, Book(False))(x), layer(x))
    centring = torch.eye(6, dtype=torch.float64) - 1 / 6
    deviation = (x.var(-1, unbiased=False) + layer.eps).sqrt()[:, None, None]
    parts = x[..., None] * centring * layer.weight / deviation
    expected = share(parts, upper, layer(x))
    torch.testing.assert_close(sent_back(RuleNorm(layer, Book(False)), x, upper), expected)


def attention_by_hand(x, query, key, value, scaling, upper):
    """One head, rule by rule, in loops: value and weights share a product, softmax is expanded, key and query share."""
    q, k, v = query(x), key(x), value(x)
    logits = q @ k.T * scaling
    weights = logits.softmax(-1)
    out = weights @ v
    n, width = v.shape
    of = {name: torch.zeros_like(part) for name, part in (("w", weights), ("v", v), ("q", q), ("k", k))}
    for o in range(n):
        for j in range(n):
            for d in range(width):
                part = weights[o, j] * v[j, d] / out[o, d] * upper[o, d]
                of["w"][o, j] += part / 2
                of["v"][j, d] += part / 2
    of_logits = logits * (of["w"] - weights * of["w"].sum(-1, keepdim=True))
    for o in range(n):
        for j in range(n):
            for d in range(width):
                part = q[o, d] * k[j, d] * scaling / logits[o, j] * of_logits[o, j]
                of["q"][o, d] += part / 2
                of["k"][j, d] += part / 2
    projections = ((query, q, "q"), (key, k, "k"), (value, v, "v"))
    total = sum(share(x[..., None] * layer.weight.T, of[name], y) for layer, y, name in projections)
    return total, of["w"].sum() - of_logits.sum()


def test_attention_alone_in_closed_form():
    x, upper = drawn(4, 3), drawn(4, 2, seed=7)
    query, key, value = (linear(3, 2, seed) for seed in (10, 20, 30))
    expected, kept_by_softmax = attention_by_hand(x, query, key, value, 0.7, upper)
    book = Book(True)
    parts = tuple(RuleLinear(layer, 0.0, book) for layer in (query, key, value))
    rule = RuleAttention(parts, None, 2, 0.7, book)
    leaf = x.clone().requires_grad_()
    out = rule(leaf[None])[0][0]
    seed = upper / out.detach()
    (entry,) = [e for e in book.entries if e.kind == SOFTMAX]
    gradients = torch.autograd.grad(out, [leaf, entry.above, entry.below], seed)
    torch.testing.assert_close((leaf * gradients[0]).detach(), expected)
    kept = (entry.above * gradients[1]).sum() - (entry.below * gradients[2]).sum()
    torch.testing.assert_close(kept.detach(), kept_by_softmax)


def test_masks_of_bools_and_of_numbers_are_one():
    logits, looked_at = drawn(1, 2, 3, 3), torch.tensor([[[[True, True, False]]]])
    numbers = torch.zeros(1, 1, 1, 3, dtype=torch.float64).masked_fill(~looked_at, torch.finfo(torch.float64).min)
    a, b = (masked(logits, mask).softmax(-1) for mask in (looked_at, numbers))
    torch.testing.assert_close(a, b)
    assert not a[..., 2].any() and masked(logits, None) is logits


def test_values_stay_and_gradients_are_scaled():
    x = drawn(3).requires_grad_()
    for result, slope in ((halved(x), 0.5), (scaled(x, torch.tensor(0.2)), 0.2)):
        torch.testing.assert_close(result, x)
        torch.testing.assert_close(torch.autograd.grad(result.sum(), x)[0], torch.full_like(x, slope))


def test_a_linear_tagger_gets_its_contributions():
    model = toy.linear_tagger(rng=3)
    text = "患者头痛三天，无发热。"
    query = Query(model.tagger, Document(text), targets=[Target(Span(2, 4, "Disease"), margin="left")])
    scores = explain(query, AttnLRP()).scores[:, 0]
    np.testing.assert_allclose(scores, model.left_margin(text, 2), atol=1e-12)
    np.testing.assert_allclose(scores, explain(query, GradientInput()).scores[:, 0], atol=1e-12)
    ledger, bias = relevance_ledger(query), model.network.bias.detach().numpy()
    np.testing.assert_allclose(ledger.gap[:, 0], [0, bias[1] - bias[0]], atol=1e-12)  # a layer of its own, not booked


@each_architecture
@pytest.mark.parametrize("epsilon", [0.0, 1e-6, 0.1])
def test_the_books_balance(architecture, epsilon):
    query = dutch(architecture=architecture, dtype="float64")
    ledger = relevance_ledger(query, AttnLRP(epsilon))
    assert ledger.stages == ("score", "head", "layer 2", "layer 1", "embeddings")
    assert np.abs(ledger.gap).max() < 1e-6
    np.testing.assert_array_equal(ledger.arrived[1:], ledger.passed[:-1])
    full = query.value(np.ones((1, query.n_units), dtype=bool))[0]
    np.testing.assert_allclose(ledger.arrived[0], full, atol=1e-9)
    np.testing.assert_allclose(full, ledger.absorbed.sum(axis=(0, 1)) + ledger.passed[-1], atol=1e-6)
    kinds = dict(zip(ledger.kinds, np.abs(ledger.absorbed).max(axis=(0, 2)), strict=True))
    assert min(kinds[kind] for kind in (BIAS, SHIFT, SOFTMAX, "positions", "linearisation")) > 1e-3
    assert (kinds["stabiliser"] > 0) == (epsilon > 0)


def test_a_book_with_a_page_torn_out_does_not_balance(monkeypatch):
    """The control: each kind of entry is needed."""
    kept = Book.step
    monkeypatch.setattr(Book, "step", lambda self, kind, a, b: a if kind == SOFTMAX else kept(self, kind, a, b))
    assert np.abs(relevance_ledger(dutch(dtype="float64")).gap).max() > 1e-3


def test_the_ledger_ends_in_the_scores():
    query = dutch(dtype="float64")
    ledger, result = relevance_ledger(query), explain(query, AttnLRP())
    left_over = ledger.passed[-1] - result.scores.sum(axis=0)
    assert np.abs(left_over).max() > 1e-4  # special pieces have a share
    alone = relevance_ledger(query.with_targets(query.targets[1:]))
    np.testing.assert_allclose(alone.absorbed[..., 0], ledger.absorbed[..., 1], atol=1e-12)
    table = ledger.table(1)
    assert table.splitlines()[0].split()[:2] == ["stage", "arrived"] and len(table.splitlines()) == 6
    assert f"{ledger.arrived[0, 1]:.4f}" in table.splitlines()[1]


@each_architecture
def test_targets_together_score_as_one_at_a_time(architecture):
    together = explain(dutch(architecture=architecture, dtype="float64"), AttnLRP())
    alone = explain(dutch([DRUG], architecture, "float64"), AttnLRP())
    np.testing.assert_allclose(together.scores[:, 0], alone.scores[:, 0], atol=1e-12)
    assert together.n_evals == alone.n_evals == 3 and not together.std_error.any() and np.isinf(together.dof).all()


@each_architecture
def test_float32_is_float64_but_for_rounding(architecture):
    queries = (dutch(architecture=architecture, dtype=dtype) for dtype in ("float32", "float64"))
    single, double = (explain(query, AttnLRP()).scores for query in queries)
    np.testing.assert_allclose(single, double, atol=1e-4 * np.abs(double).max())


def test_bfloat16_models_are_sent_back_in_float32():
    reduced = load_model(build("bert"), dtype="bfloat16", device="cpu")
    exact = load_model(build("bert"), dtype="float32", device="cpu")
    scores = [explain(Query(m, Document(TEXTS[0]), targets=[DRUG]), AttnLRP()).scores for m in (reduced, exact)]
    np.testing.assert_array_equal(*scores)


def test_the_context_arm_leaves_the_own_units_at_zero():
    everywhere, context = dutch([DRUG]), dutch([DRUG]).context()
    own = ~context.active
    a, b = explain(everywhere, AttnLRP()).scores, explain(context, AttnLRP()).scores
    assert a[own].all() and not b[own].any()
    np.testing.assert_allclose(a[~own], b[~own], atol=1e-9)


@pytest.mark.parametrize("architecture", ["bert", "roberta"])
def test_chinese_and_byte_pieces_are_pooled_to_units(architecture):
    model = tagger(architecture, "float64")
    document = Document(TEXTS[2])
    span = Query(model, document).encoding.extents[2]
    query = Query(model, document, targets=[Target(Span(int(span[0]), int(span[1]), "Disease"))])
    scores = explain(query, AttnLRP()).scores
    assert scores.shape == (query.n_units, 1) and np.count_nonzero(scores) > query.n_units // 2


def test_targets_of_several_windows():
    model = load_model(build("bert"), dtype="float64", max_length=12, device="cpu")
    query = Query(model, Document(TEXTS[0] + " " + TEXTS[0]), targets=[])
    extents = query.encoding.extents
    ends = [Target(Span(int(a), int(b), "Drug")) for a, b in (extents[-2], extents[1])]
    query = query.with_targets(ends)
    assert len(query.parts()) == 2
    result, ledger = explain(query, AttnLRP()), relevance_ledger(query)
    assert not result.active.all(axis=0).any() and not result.scores[~result.active].any()
    assert np.abs(ledger.gap).max() < 1e-6
    np.testing.assert_allclose(ledger.arrived[0], result.full_value, atol=1e-9)


@pytest.fixture(scope="module")
def agreements():
    """Rank correlations with Occlusion over context units of the demo model, and those of shuffled relevance."""
    model, rng, found = demo_model(), np.random.default_rng(0), []
    texts = [document for lang in ("zh", "nl", "en") for document in demo_documents(lang=lang)]
    for document in sorted(texts, key=lambda d: len(d.text))[:12]:
        for span in predict(model, document).spans[:1]:
            query = Query(model, document, targets=[Target(span)]).context()
            here = query.active
            lost, sent = (explain(query, method).scores[here, 0] for method in (Occlusion(), AttnLRP()))
            found.append([spearmanr(lost, scores)[0] for scores in (sent, rng.permutation(sent))])
    return np.array(found)


@pytest.mark.slow
def test_it_ranks_context_units_as_occlusion_does_better_than_chance(agreements):
    """Weak by nature, as two views of one model agree in part; shuffled scores are the control that must fail."""
    means, errors = agreements.mean(axis=0), agreements.std(axis=0, ddof=1) / np.sqrt(len(agreements))
    assert len(agreements) >= 8
    assert means[0] > 3 * errors[0] and abs(means[1]) < 3 * errors[1]


def test_other_weights_give_other_scores():
    """The parameter-randomisation control."""
    a, b = (explain(dutch([DRUG], seed=seed), AttnLRP()).scores[:, 0] for seed in (0, 1))
    assert np.abs(a - b).max() > 0.3 * np.abs(a).max()


@each_architecture
def test_the_model_is_left_as_it_was(architecture):
    module = tagger(architecture).network.module
    weights = {name: weight.clone() for name, weight in module.state_dict().items()}
    kinds = [type(part) for part in module.modules()]
    explain(dutch(architecture=architecture), AttnLRP())
    assert all(torch.equal(weight, weights[name]) for name, weight in module.state_dict().items())
    assert [type(part) for part in module.modules()] == kinds
    assert not any(m._forward_hooks or m._backward_hooks or m._forward_pre_hooks for m in module.modules())
    assert not any(p.requires_grad for p in module.parameters())


def test_the_copy_shares_its_weights():
    module = tagger().network.module
    twin = rule_copy(module, 0.0, Book(False))
    owned = {weight.data_ptr() for weight in module.parameters()}
    assert {weight.data_ptr() for weight in twin.parameters()} <= owned


def test_a_run_can_be_cancelled_between_targets():
    query, seen = dutch(), []

    def tick(done, in_all):
        seen.append((done, in_all))
        if in_all == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), query.watched(tick):
        explain(query, AttnLRP())
    assert seen[-1] == (1, 2)


def test_deberta_is_refused():
    query = dutch([Target(Span(14, 24, "Drug"))], "deberta_v2")
    with pytest.raises(ValueError, match=r"AttnLRP has no rule for the attention of deberta\S+ \(DebertaV2Attention\)"):
        explain(query, AttnLRP())


def test_layers_without_a_rule_are_refused():
    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.table, self.lstm = nn.Embedding(5, 4), nn.LSTM(4, 4)

        def get_input_embeddings(self):
            return self.table

    with pytest.raises(ValueError, match=r"AttnLRP has no rule for the layer lstm \(LSTM\); it knows BERT, RoBERTa"):
        rule_copy(Network(), 0.0, Book(False))


def test_rules_that_compute_something_else_are_refused(monkeypatch):
    monkeypatch.setattr(RuleNorm, "forward", lambda self, x: x)
    with pytest.raises(ValueError, match=r"the rules of AttnLRP do not compute the outputs of this model"):
        explain(dutch(), AttnLRP())


def test_wrong_settings_and_games_are_refused():
    with pytest.raises(ValueError, match=r"AttnLRP\(epsilon=-1\) is negative or no number; give 0 or a small number"):
        AttnLRP(epsilon=-1)
    with pytest.raises(TypeError, match=r"this method needs a Query on a model; a Game is a plain function"):
        explain(Game(lambda keep: keep.sum(axis=1), 3), AttnLRP())
    with pytest.raises(ValueError, match=r"the query has no targets; give it at least one"):
        relevance_ledger(dutch([]))
