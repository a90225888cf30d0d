"""The loop: it follows its schedule, lowers a loss, and stops at a broken one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from explain_lib.training.loop import Schedule, fit


def test_the_rate_rises_then_falls_to_zero() -> None:
    schedule = Schedule(steps=100, warm_up=0.1)
    factors = [schedule.factor(step) for step in range(101)]
    assert factors[0] == pytest.approx(0.1) and max(factors) == factors[9] == 1.0 and factors[100] == 0.0
    assert all(a < b for a, b in zip(factors[:9], factors[1:10], strict=True))
    assert all(a > b for a, b in zip(factors[10:100], factors[11:], strict=True))


def test_a_linear_model_learns_and_is_left_in_evaluation_mode() -> None:
    torch.manual_seed(0)
    module, x = nn.Linear(3, 1), torch.randn(64, 3)
    y = x @ torch.tensor([[1.0], [-2.0], [0.5]])
    seen: list[int] = []
    losses = fit(
        module, [(x, y)] * 300, lambda b: ((module(b[0]) - b[1]) ** 2).mean(), Schedule(200, 0.05, head_names=()),
        report=lambda step, loss: seen.append(step),
    )  # fmt: skip
    assert len(losses) == 200 and seen == list(range(200)) and not module.training
    assert losses[-1] < 0.02 * losses[0]


def test_head_parameters_learn_at_their_own_rate() -> None:
    module = nn.ModuleDict({"encoder": nn.Linear(1, 1, bias=False), "classifier": nn.Linear(1, 1, bias=False)})
    before = {name: p.detach().clone() for name, p in module.named_parameters()}
    rates = Schedule(1, learning_rate=1e-3, head_learning_rate=1e-1, warm_up=0.0, weight_decay=0.0)
    fit(module, [0], lambda _: sum(p.float().sum() for p in module.parameters()), rates)
    moved = {name: float((p.detach() - before[name]).abs()) for name, p in module.named_parameters()}
    assert moved["encoder.weight"] == pytest.approx(1e-3, rel=0.01)
    assert moved["classifier.weight"] == pytest.approx(1e-1, rel=0.01)


def test_a_loss_that_is_no_number_stops_the_run() -> None:
    module = nn.Linear(1, 1)
    with pytest.raises(FloatingPointError, match=r"the loss is nan at step 0; lower the learning rate"):
        fit(module, [0], lambda _: module.weight.sum() * float("nan"), Schedule(1))
