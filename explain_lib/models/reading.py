"""How a family reads its compact output off what a module returns: the one step in which torch families differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from .calling import logits_of

Reading = Callable[[nn.Module, Mapping[str, Tensor], Tensor], tuple[Tensor, Tensor]]
"""(module, its inputs, labels_at int[n, positions]) -> (values float[n, ..., labels], is_absent bool[n, ...]).

The inputs are `input_ids` or `inputs_embeds`, and `attention_mask`. Absent values belong to label positions that a row
has removed, or that its text never had; whatever stands there is not read.
"""


def tag_logits(module: nn.Module, inputs: Mapping[str, Tensor], labels_at: Tensor) -> tuple[Tensor, Tensor]:
    """Taggers: `module(...).logits` [n, length, tags] at the label positions, [n, positions, tags]."""
    logits = logits_of(module, inputs)
    columns = labels_at.clamp(min=0)[..., None].expand(-1, -1, logits.shape[-1])
    return torch.gather(logits, 1, columns), labels_at < 0


def class_logits(module: nn.Module, inputs: Mapping[str, Tensor], labels_at: Tensor) -> tuple[Tensor, Tensor]:
    """Classifiers: `module(...).logits` [n, labels]; label positions play no part."""
    logits = logits_of(module, inputs)
    return logits, torch.zeros(len(logits), dtype=torch.bool, device=logits.device)


def span_logits(module: nn.Module, inputs: Mapping[str, Tensor], labels_at: Tensor) -> tuple[Tensor, Tensor]:
    """Span models: `module(..., labels_at=columns).logits` [n, positions, width, labels].

    Entry [s, w] is the span of the label positions s … s + w; it is absent where either end is.
    """
    logits = logits_of(module, {**inputs, "labels_at": labels_at.clamp(min=0)})
    width = logits.shape[2]
    padded = nn.functional.pad(labels_at, (0, width - 1), value=-1)
    return logits, (labels_at < 0)[..., None] | (padded.unfold(1, width, 1) < 0)
