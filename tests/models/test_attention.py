"""Attention weights: those of the plain library call, slopes by finite differences, and every switch put back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_checkpoints import ARCHITECTURES, TEXTS, build

from explain_lib.core import Span, Target
from explain_lib.models import load_model, toy
from explain_lib.models.attention import attention, unfused

TEXT = TEXTS[1]
TARGETS = [Target(Span(22, 32, "Drug")), Target(Span(37, 43, "Disease"), margin="left")]


def question(tagger):
    encoding = tagger.encode(TEXT)
    window = tagger.windows(encoding)[0]
    return tagger.row(encoding, window), [tagger.event(t, encoding, window) for t in TARGETS]


def state(module):
    hooks = [len(part._forward_hooks) + len(part._forward_pre_hooks) for part in module.modules()]
    return module.config._attn_implementation, module.config.output_attentions, hooks


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_weights_are_those_of_the_plain_library_call(architecture):
    module, tokenizer = build(architecture)
    tagger = load_model((module, tokenizer), dtype="float32")
    before = state(tagger.network.module)
    row, events = question(tagger)
    found = tagger.attention(row, events, "log_odds")
    slopes = list(found.slopes)
    module.set_attn_implementation("eager")
    with torch.inference_mode():
        plain = module(input_ids=torch.as_tensor(row.ids), output_attentions=True).attentions
    np.testing.assert_allclose(found.weights, torch.stack([layer[0] for layer in plain]).numpy(), atol=1e-6)
    np.testing.assert_allclose(found.weights.sum(-1), 1, atol=1e-5)
    assert len(slopes) == 2 and all(s.shape == found.weights.shape and s.any(axis=(1, 2, 3)).all() for s in slopes)
    assert state(tagger.network.module) == before
    assert all(p.grad is None and not p.requires_grad for p in tagger.network.module.parameters())
    np.testing.assert_array_equal(tagger.attention(row, (), "log_odds").weights, found.weights)


def test_slopes_are_finite_differences():
    """The last layer's weights are moved by hand: the score moves by slope times step."""
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger)
    slopes = list(tagger.attention(row, events, "log_odds").slopes)[0][-1]
    module, change = tagger.network.module, np.random.default_rng(0).normal(size=slopes.shape)
    layer = module.bert.encoder.layer[-1].attention.self
    values = []
    for step in (1e-5, -1e-5):

        def moved(part, args, output, step=step):
            context, weights = output
            value = part.value(args[0]).view(1, -1, 4, 8).transpose(1, 2)
            extra = (step * torch.as_tensor(change) @ value).transpose(1, 2).reshape(context.shape)
            return context + extra, weights

        handle = layer.register_forward_hook(moved)
        values.append(tagger.values_at(row, tagger.embeddings(row.ids), events, "log_odds")[0, 0])
        handle.remove()
    np.testing.assert_allclose((slopes * change).sum(), (values[0] - values[1]) / 2e-5, rtol=1e-5)


def test_the_model_is_not_switched_not_even_when_the_score_fails():
    tagger = load_model(build("bert"), dtype="float32")
    module = tagger.network.module
    before, (row, _) = state(module), question(tagger)

    def broken(outputs):
        raise RuntimeError("in the score")

    with pytest.raises(RuntimeError, match="in the score"):
        attention(tagger.network, row, broken)
    assert state(module) == before and torch.is_grad_enabled()


def test_the_twin_shares_the_weights():
    module = load_model(build("bert"), dtype="float32").network.module
    twin, _ = unfused(module)
    assert twin.config._attn_implementation == "eager" != module.config._attn_implementation
    pairs = zip(module.parameters(), twin.parameters(), strict=True)
    assert all(own is shared for own, shared in pairs)


def test_slopes_are_computed_when_they_are_asked_for(monkeypatch):
    tagger = load_model(build("bert"), dtype="float32")
    row, events = question(tagger)
    calls, plain = [], torch.autograd.grad
    monkeypatch.setattr(torch.autograd, "grad", lambda *a, **k: calls.append(1) or plain(*a, **k))
    slopes = tagger.attention(row, events, "log_odds").slopes
    assert not calls
    next(slopes)
    assert len(calls) == 1


def test_a_network_without_attention_is_refused():
    tagger = toy.linear_tagger().tagger
    encoding = tagger.encode("患者头痛")
    row = tagger.row(encoding, tagger.windows(encoding)[0])
    with pytest.raises(TypeError, match="LinearNetwork offers no attention weights: it holds no Transformer"):
        tagger.attention(row, (), "log_odds")


def test_a_transformer_that_returns_no_weights_is_refused(monkeypatch):
    tagger = load_model(build("bert"), dtype="float32")
    row, _ = question(tagger)
    plain = type(tagger.network.module).forward

    def forward(self, *args, **kwargs):
        output = plain(self, *args, **kwargs)
        output.attentions = None
        return output

    monkeypatch.setattr(type(tagger.network.module), "forward", forward)
    with pytest.raises(TypeError, match=r"BertForTokenClassification offers no attention weights"):
        tagger.attention(row, (), "log_odds")
    assert tagger.network.module.config.output_attentions is False
