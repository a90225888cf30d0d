"""The rules of attention-aware relevance, as modules that compute the same values and another gradient.

The relevance of a tensor is its product with this gradient, so that one backward pass gives it for every tensor. The
rules are those of Achtibat et al. (2024): epsilon for linear layers, identity for activations and for the division by
the standard deviation, uniform shares for products of two activations, the Taylor form for softmax, sums by share.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .book import BIAS, POSITIONS, SHIFT, SOFTMAX, STABILISER, Book


def halved(x: Tensor) -> Tensor:
    """The same value with half the gradient: two factors of a product share its relevance."""
    return 0.5 * x + (0.5 * x).detach()


def scaled(x: Tensor, share: Tensor) -> Tensor:
    """The same value; the gradient is multiplied by `share`."""
    return x.detach() + share.detach() * (x - x.detach())


class RuleLinear(nn.Module):
    """x Wᵀ + b by the epsilon rule: each input gets its share of y + epsilon · sign(y), the bias keeps its own."""

    def __init__(self, layer: nn.Linear, epsilon: float, book: Book) -> None:
        super().__init__()
        self.weight, self.bias, self.epsilon, self.book = layer.weight, layer.bias, epsilon, book

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.book.constant(BIAS, self.bias)
        y = nn.functional.linear(x, self.weight, bias)
        if not self.epsilon:
            return y
        sign = torch.where(y < 0, -1.0, 1.0)
        return self.book.step(STABILISER, scaled(y, y / (y + self.epsilon * sign)), y)


class RuleNorm(nn.Module):
    """Layer normalisation with its standard deviation held fixed: it passes on all but the relevance of its shift."""

    def __init__(self, layer: nn.LayerNorm, book: Book) -> None:
        super().__init__()
        self.weight, self.bias, self.eps, self.book = layer.weight, layer.bias, layer.eps, book
        self.axes = tuple(range(-len(layer.normalized_shape), 0))

    def forward(self, x: Tensor) -> Tensor:
        deviation = (x.var(self.axes, unbiased=False, keepdim=True) + self.eps).sqrt().detach()
        y = (x - x.mean(self.axes, keepdim=True)) / deviation
        y = y if self.weight is None else y * self.weight
        return y if self.bias is None else y + self.book.constant(SHIFT, self.bias)


class RuleActivation(nn.Module):
    """An activation f as x · (f(x) − f(0)) / x + f(0), the factor held fixed: it passes on all but that of f(0)."""

    def __init__(self, function: nn.Module, book: Book) -> None:
        super().__init__()
        self.function, self.book = function, book

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            at_zero = self.function(torch.zeros_like(x))
            factor = torch.where(x == 0, 0.0, (self.function(x) - at_zero) / torch.where(x == 0, 1.0, x))
        return x * factor + (self.book.constant(BIAS, at_zero) if bool(at_zero.any()) else 0.0)


class RuleTable(nn.Module):
    """A table of positions or segments: what it adds to the pieces does not depend on the text."""

    def __init__(self, table: nn.Embedding, book: Book) -> None:
        super().__init__()
        self.table, self.book = table, book

    def forward(self, indices: Tensor) -> Tensor:
        found: Tensor = self.table(indices)
        return self.book.constant(POSITIONS, found)


class RuleAttention(nn.Module):
    """Scaled dot-product self-attention whose projections are rule modules already."""

    def __init__(self, parts: tuple[nn.Module, nn.Module, nn.Module], out: nn.Module | None, head_width: int,
                 scaling: float, book: Book) -> None:  # fmt: skip
        super().__init__()
        self.query, self.key, self.value = parts
        self.out, self.head_width, self.scaling, self.book = out, head_width, scaling, book

    def forward(self, hidden_states: Tensor, attention_mask: Tensor | None = None, **_: Any) -> tuple[Tensor, None]:
        def heads(project: Callable[[Tensor], Tensor]) -> Tensor:
            return split_heads(project(hidden_states), self.head_width)

        logits = halved(heads(self.query)) @ halved(heads(self.key)).transpose(2, 3) * self.scaling
        weights = self.book.step(SOFTMAX, torch.softmax(masked(logits, attention_mask), dim=-1), logits)
        mixed = halved(weights) @ halved(heads(self.value))
        result = mixed.transpose(1, 2).flatten(2)
        return (result if self.out is None else self.out(result)), None


def split_heads(x: Tensor, width: int) -> Tensor:
    """[n, heads, length, width] from [n, length, heads · width]."""
    return x.view(*x.shape[:-1], -1, width).transpose(1, 2)


def masked(logits: Tensor, mask: Tensor | None) -> Tensor:
    """Attention logits with a mask of bools (False = not looked at) or of numbers to add."""
    if mask is None:
        return logits
    return logits.masked_fill(~mask, -torch.inf) if mask.dtype == torch.bool else logits + mask
