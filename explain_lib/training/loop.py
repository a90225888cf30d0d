"""One training loop: batches in, a loss to lower, AdamW with warm-up and linear decay."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

Batch = TypeVar("Batch")
Report = Callable[[int, float], None]


@dataclass(frozen=True)
class Schedule:
    """How far and how fast to train.

    `steps` optimiser steps; `learning_rate` for the encoder and `head_learning_rate` for parameters whose name holds
    one of `head_names`; both rise over the first `warm_up` share of the steps and then fall linearly to zero.
    """

    steps: int
    learning_rate: float = 3e-4
    head_learning_rate: float = 1e-3
    head_names: tuple[str, ...] = ("classifier",)
    warm_up: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0

    def factor(self, step: int) -> float:
        """The share of the full learning rate at `step` (0-based)."""
        rise = max(1, math.ceil(self.steps * self.warm_up))
        return min((step + 1) / rise, max(0.0, (self.steps - step) / max(1, self.steps - rise)))


def fit(
    module: nn.Module,
    batches: Iterable[Batch],
    loss: Callable[[Batch], Tensor],
    schedule: Schedule,
    report: Report | None = None,
) -> list[float]:
    """Lower `loss` over at most `schedule.steps` batches; returns the loss of every step.

    Forward passes run under bfloat16 autocast, weights and optimiser stay in float32. `report(step, loss)` is called
    after each step. Raises FloatingPointError when the loss is no longer finite.
    """
    optimizer = torch.optim.AdamW(_groups(module, schedule), weight_decay=schedule.weight_decay, fused=True)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, schedule.factor)
    device = next(module.parameters()).device.type
    losses: list[float] = []
    module.train()
    for step, batch in zip(range(schedule.steps), batches, strict=False):
        with torch.autocast(device, torch.bfloat16):
            value = loss(batch)
        losses.append(_checked(value, step))
        value.backward()
        nn.utils.clip_grad_norm_(module.parameters(), schedule.clip)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad(set_to_none=True)
        if report:
            report(step, losses[-1])
    module.eval()
    return losses


def _groups(module: nn.Module, schedule: Schedule) -> list[dict[str, object]]:
    trained = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
    heads = [p for name, p in trained if any(head in name for head in schedule.head_names)]
    encoder = [p for name, p in trained if not any(head in name for head in schedule.head_names)]
    groups = [
        {"params": encoder, "lr": schedule.learning_rate},
        {"params": heads, "lr": schedule.head_learning_rate},
    ]
    return [group for group in groups if group["params"]]


def _checked(value: Tensor, step: int) -> float:
    number = float(value.detach())
    if not math.isfinite(number):
        raise FloatingPointError(f"the loss is {number} at step {step}; lower the learning rate or look at the batch.")
    return number
