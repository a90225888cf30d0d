"""Gradients: finite differences, nothing left behind, nothing changed, one forward pass for all targets."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
import torch
from tiny_checkpoints import ARCHITECTURES, TEXTS, build

from explain_lib.core import NO_ENTITY, Document, Span, Target
from explain_lib.models import gradients, load_model, predict, toy

TEXT = TEXTS[1]
TARGETS = [
    Target(Span(22, 32, "Drug")),
    Target(Span(37, 43, "Disease"), versus=NO_ENTITY),
    Target(Span(37, 43, "Disease"), margin="left"),
]


def question(tagger, targets=TARGETS):
    encoding = tagger.encode(TEXT)
    window = tagger.windows(encoding)[0]
    return tagger.row(encoding, window), [tagger.event(t, encoding, window) for t in targets]


def masked(tagger, row):
    """Embeddings of the row with every third piece masked."""
    ids = np.where(np.arange(row.ids.shape[1]) % 3 == 1, tagger.vocabulary.mask, row.ids)
    return tagger.embeddings(ids)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_slopes_are_finite_differences(architecture):
    tagger = load_model(build(architecture), dtype="float64")
    row, events = question(tagger)
    ((_, outputs),) = tagger.iter_outputs(row)
    inputs, start = tagger.embeddings(row.ids), masked(tagger, row)
    np.testing.assert_allclose(
        tagger.values_at(row, inputs, events, "log_odds"), tagger.score(outputs, events, "log_odds"), atol=1e-8
    )
    points = start + np.array([1.0, 0.4])[:, None, None] * (inputs - start)
    found = tagger.gradients(row, points, inputs - start, events, "log_odds")
    step = 1e-5 * (inputs - start)
    up, down = (tagger.values_at(row, points + d, events, "log_odds") for d in (step, -step))
    np.testing.assert_allclose(found.products.sum(-1), (up - down) / 2e-5, atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(found.values, tagger.values_at(row, points, events, "log_odds"), atol=1e-12)


def test_each_piece_has_the_slope_of_its_own_embedding():
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger)
    inputs = tagger.embeddings(row.ids)
    direction = np.random.default_rng(0).normal(size=inputs.shape)
    found = tagger.gradients(row, inputs, direction, events, "log_odds").products[0]
    for piece in (0, 4, row.ids.shape[1] - 1):
        step = np.zeros_like(inputs)
        step[0, piece] = 1e-5 * direction[0, piece]
        up, down = (tagger.values_at(row, inputs + d, events, "log_odds")[0] for d in (step, -step))
        np.testing.assert_allclose(found[:, piece], (up - down) / 2e-5, atol=1e-6, rtol=1e-5)


def test_a_direction_of_its_own_for_each_point():
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger)
    points = np.concatenate([tagger.embeddings(row.ids), masked(tagger, row)])
    directions = np.random.default_rng(0).normal(size=points.shape)
    together = tagger.gradients(row, points, directions, events, "log_odds").products
    for i in range(2):
        alone = tagger.gradients(row, points[[i]], directions[[i]], events, "log_odds").products
        np.testing.assert_allclose(together[[i]], alone, atol=1e-12)


def test_a_piece_that_does_not_move_has_product_zero():
    tagger = load_model(build("bert"), dtype="float32")
    row, events = question(tagger)
    inputs = tagger.embeddings(row.ids)
    direction = np.zeros_like(inputs)
    direction[0, 4] = 1
    products = tagger.gradients(row, inputs, direction, events, "log_odds").products
    assert (products[:, :, 4] != 0).all() and not np.delete(products, 4, axis=2).any()


def test_gradients_run_in_float32_whatever_the_forward_pass_runs_in():
    module = build("bert")
    taggers = [load_model(module, dtype=dtype) for dtype in ("bfloat16", "float32")]
    row, events = question(taggers[0])
    found = []
    for tagger in taggers:
        inputs = tagger.embeddings(row.ids)
        assert inputs.dtype == np.float32
        found.append(tagger.gradients(row, inputs, inputs, events, "log_odds").products)
    np.testing.assert_array_equal(*found)
    assert load_model(module, dtype="float64").embeddings(row.ids).dtype == np.float64


def test_shared_targets_are_one_target_at_a_time():
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger)
    points = np.concatenate([tagger.embeddings(row.ids), masked(tagger, row)])
    together = tagger.gradients(row, points, points, events, "log_odds")
    for k, event in enumerate(events):
        alone = tagger.gradients(row, points, points, [event], "log_odds")
        np.testing.assert_allclose(together.products[:, [k]], alone.products, atol=1e-10)


def test_one_forward_pass_serves_all_targets():
    tagger, calls = load_model(build("bert"), dtype="float32"), []
    row, events = question(tagger)
    handle = tagger.network.module.register_forward_hook(lambda *_: calls.append(1))
    points = tagger.embeddings(row.ids).repeat(3, axis=0)
    tagger.gradients(row, points, points, events * 3, "log_odds")
    handle.remove()
    assert len(calls) == 1


@pytest.mark.parametrize(("length", "points"), [(1, 1024), (100, 10), (5000, 1)])
def test_points_that_fit_a_pass_shrink_with_the_length(length, points):
    assert gradients.points_at_once(load_model(build("bert"), dtype="float32").network, length) == points


def test_nothing_is_left_behind_even_after_an_error():
    tagger = load_model(build("bert"), dtype="float32")
    row, events = question(tagger)
    module, inputs = tagger.network.module, tagger.embeddings(row.ids)
    before = predict(tagger, Document(TEXT))

    def broken(outputs):
        raise RuntimeError("in the score")

    with pytest.raises(RuntimeError, match="in the score"):
        gradients.point_gradients(tagger.network, row, inputs, inputs, broken)
    tagger.gradients(row, inputs, inputs, events, "log_odds")
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
    row = model.tagger.row(encoding, window)
    inputs = model.tagger.embeddings(row.ids)
    found = model.tagger.gradients(row, inputs, inputs, [event], "log_odds")
    np.testing.assert_allclose(found.products[0, 0, 1:-1], model.left_margin(text, 2), atol=1e-12)


@pytest.mark.parametrize("n_directions", [1, 6])
def test_points_are_halved_when_memory_runs_out_and_that_is_remembered(monkeypatch, n_directions):
    tagger = load_model(build("bert"), dtype="float64")
    row, events = question(tagger, TARGETS)
    rng, x = np.random.default_rng(0), tagger.embeddings(row.ids)
    points, directions = x + rng.normal(size=(6, *x.shape[1:])), rng.normal(size=(n_directions, *x.shape[1:]))
    expected = tagger.gradients(row, points, directions, events, "log_odds")
    plain, failures = type(tagger.network).outputs_at, []

    def outputs_at(self, points, row, module=None):
        if len(points) > 2:
            failures.append(len(points))
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(self, points, row, module)

    monkeypatch.setattr(type(tagger.network), "outputs_at", outputs_at)
    found = tagger.gradients(row, points, directions, events, "log_odds")
    np.testing.assert_allclose(found.values, expected.values, atol=1e-10)
    np.testing.assert_allclose(found.products, expected.products, atol=1e-10)
    assert failures == [6, 3] and tagger.points_at_once(row) == 1
    np.testing.assert_allclose(tagger.values_at(row, points, events, "log_odds"), expected.values, atol=1e-10)
    assert failures == [6, 3]


def test_a_single_point_without_memory_and_any_other_error_are_raised(monkeypatch):
    tagger = load_model(build("bert"), dtype="float32")
    row, events = question(tagger, TARGETS)
    points = tagger.embeddings(row.ids).repeat(2, axis=0)
    for error in (torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("shapes do not match")):
        monkeypatch.setattr(type(tagger.network), "outputs_at", Mock(side_effect=error))
        with pytest.raises(RuntimeError, match=str(error)):
            tagger.gradients(row, points, points, events, "log_odds")


@pytest.mark.parametrize("architecture", ["bert", "roberta"])
def test_whole_slopes_along_any_direction_are_the_products(architecture):
    tagger = load_model(build(architecture), dtype="float64")
    row, events = question(tagger)
    point, direction = tagger.embeddings(row.ids)[0], masked(tagger, row)
    slopes = tagger.slopes(row, point, events, "log_odds")
    assert slopes.shape == (3, *point.shape)
    products = tagger.gradients(row, point[None], direction, events, "log_odds").products[0]
    np.testing.assert_allclose(np.einsum("tlw,lw->tl", slopes, direction[0]), products, atol=1e-12)
