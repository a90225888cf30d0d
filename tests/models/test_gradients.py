"""Gradients: finite differences, nothing left behind, nothing changed, one forward pass for all targets."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny_checkpoints import ARCHITECTURES, TEXTS, build

from explain_lib.core import NO_ENTITY, Document, Span, Target
from explain_lib.models import load_model, network, predict, toy

TEXT = TEXTS[1]


def question(tagger, targets):
    encoding = tagger.encode(TEXT)
    window = tagger.windows(encoding)[0]
    return tagger.row(encoding, window), [tagger.event(t, encoding, window) for t in targets]


TARGETS = [
    Target(Span(22, 32, "Drug")),
    Target(Span(37, 43, "Disease"), versus=NO_ENTITY),
    Target(Span(37, 43, "Disease"), margin="left"),
]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_values_on_the_path_and_their_slope(architecture):
    """The sum of products is the derivative of the value along the path."""
    tagger = load_model(build(architecture), dtype="float64")
    row, events = question(tagger, TARGETS)
    ((_, outputs),) = tagger.iter_outputs(row)
    at_input = tagger.score(outputs, events, "log_odds")[0]
    step = 1e-5
    for baseline in (None, np.where(np.arange(row.ids.shape[1]) % 3 == 1, tagger.vocabulary.mask, row.ids[0])):
        path = tagger.gradients(row, baseline, np.array([1.0, 0.4]), events, "log_odds")
        moved = [tagger.gradients(row, baseline, np.array([1.0, 0.4]) + d, events, "log_odds") for d in (step, -step)]
        np.testing.assert_allclose(path.values[0], at_input, atol=1e-8)
        slope = (moved[0].values - moved[1].values) / (2 * step)
        np.testing.assert_allclose(path.products.sum(-1), slope, atol=1e-4, rtol=1e-4)


def test_a_piece_that_the_baseline_leaves_alone_has_product_zero():
    tagger = load_model(build("bert"))
    row, events = question(tagger, TARGETS)
    baseline = row.ids[0].copy()
    baseline[4] = tagger.vocabulary.mask
    products = tagger.gradients(row, baseline, np.array([0.5]), events, "log_odds").products
    assert (products[:, :, 4] != 0).all() and not np.delete(products, 4, axis=2).any()


def test_gradients_run_in_float32_whatever_the_forward_pass_runs_in():
    module = build("bert")
    row, events = question(load_model(module, dtype="bfloat16"), TARGETS)
    paths = [
        load_model(module, dtype=dtype).gradients(row, None, np.array([1.0]), events, "log_odds")
        for dtype in ("bfloat16", "float32")
    ]
    np.testing.assert_array_equal(paths[0].products, paths[1].products)


def test_shared_targets_are_one_target_at_a_time_and_nodes_one_node_at_a_time(monkeypatch):
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger, TARGETS)
    alphas = np.linspace(0, 1, 7)
    together = tagger.gradients(row, None, alphas, events, "log_odds")
    for k, event in enumerate(events):
        alone = tagger.gradients(row, None, alphas, [event], "log_odds")
        np.testing.assert_allclose(together.products[:, [k]], alone.products, atol=1e-10)
    monkeypatch.setattr(network, "NODE_PIECES", 1)
    np.testing.assert_allclose(
        together.products, tagger.gradients(row, None, alphas, events, "log_odds").products, atol=1e-10
    )


def test_one_forward_pass_serves_all_targets():
    tagger, calls = load_model(build("bert"), dtype="float32"), []
    row, events = question(tagger, TARGETS)
    handle = tagger.network.module.register_forward_hook(lambda *_: calls.append(1))
    tagger.gradients(row, None, np.array([0.2, 0.6, 1.0]), events * 3, "log_odds")
    handle.remove()
    assert len(calls) == 1


def test_nothing_is_left_behind_even_after_an_error():
    tagger = load_model(build("bert"), dtype="float32")
    row, events = question(tagger, TARGETS)
    module = tagger.network.module
    before = predict(tagger, Document(TEXT))

    def broken(logits):
        raise RuntimeError("in the score")

    with pytest.raises(RuntimeError, match="in the score"):
        tagger.network.gradients(row, None, np.array([1.0]), broken)
    tagger.gradients(row, None, np.array([1.0]), events, "log_odds")
    assert torch.is_grad_enabled() and not module.training
    assert all(p.grad is None and not p.requires_grad for p in module.parameters())
    assert not any(m._forward_hooks or m._backward_hooks or m._forward_pre_hooks for m in module.modules())
    after = predict(tagger, Document(TEXT))
    assert after.spans == before.spans and (after.confidence == before.confidence).all()


def test_the_linear_tagger_gives_its_contributions():
    model = toy.linear_tagger(rng=3)
    text = "患者头痛三天，无发热。"
    encoding = model.tagger.encode(text)
    window = model.tagger.windows(encoding)[0]
    event = model.tagger.event(Target(Span(2, 4, "Disease"), margin="left"), encoding, window)
    path = model.tagger.gradients(model.tagger.row(encoding, window), None, np.array([1.0]), [event], "log_odds")
    np.testing.assert_allclose(path.products[0, 0, 1:-1], model.left_margin(text, 2), atol=1e-12)
