"""Weights between neighbouring tags, ready to be added up in log space: the one step that chains are made of."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from .log_space import LOWEST, log_or_never, log_sum
from .tag_patterns import Gate
from .transitions import Transitions

TINY = 1e-290


class Links:
    """Log-weights [..., tags, tags] of pairs of tags, from row to column."""

    def __init__(self, weights: Tensor) -> None:
        self.weights = weights
        self.top = weights.amax(-2, keepdim=True).clamp(min=LOWEST)
        self.shares = (weights - self.top).exp()

    def spread(self, mass: Tensor) -> Tensor:
        """log Σ exp(mass[..., n, from] + weight[..., from, to]) over the tags `from`.

        A product of matrices; where that leaves the range of float64 the sum itself, which takes `tags` times as long.
        """
        top = mass.detach().amax(-1, keepdim=True)
        sums = (mass - top).exp() @ self.shares
        if bool((sums > TINY).all()):
            return sums.log() + (top + self.top)
        top = top.clamp(min=LOWEST)
        sums = (mass - top).exp() @ self.shares
        is_lost = (sums <= TINY) & self._is_reached(mass)
        found = log_or_never(sums.masked_fill(is_lost, 0.0)) + (top + self.top)
        if not bool(is_lost.any()):
            return found
        return torch.where(is_lost, log_sum(mass[..., None] + self.weights[..., None, :, :], -2), found)

    def _is_reached(self, mass: Tensor) -> Tensor:
        """bool[..., n, to]: whether the sum over a tag has any term, however small."""
        ways = (mass > -torch.inf).to(mass.dtype) @ (self.weights > -torch.inf).to(mass.dtype)
        return ways > 0


@lru_cache(maxsize=1024)
@torch.inference_mode(False)  # what is kept must also serve gradients
def both_ways(transitions: Transitions) -> Links:
    """Links [2, tags + 1, tags + 1] from left to right and from right to left."""
    weights = torch.tensor(transitions.matrix)
    return Links(torch.stack([weights, weights.T]))


@lru_cache(maxsize=1024)
@torch.inference_mode(False)
def through(gate: Gate, transitions: Transitions) -> tuple[Links, Links]:
    """The links that pass a gate, and those that do not."""
    weights = torch.tensor(transitions.matrix)
    pairs = torch.tensor(gate.pairs(len(weights)))
    return Links(weights.masked_fill(~pairs, -torch.inf)), Links(weights.masked_fill(pairs, -torch.inf))
