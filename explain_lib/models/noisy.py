"""Views of a network whose forward pass is disturbed in a way that a seed fixes; weights are shared, never changed.

What is drawn belongs to a column of the row, a feature and a place in the network, never to a batch: the output of a
row stays a function of the row, whatever its company and padding, and the gradients are those of the disturbed network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from .calling import input_table
from .network import Network
from .twin import exchanged

_BLOCK = 64
Draw = Callable[[np.random.Generator, tuple[int, int]], npt.NDArray[Any]]


@dataclass(eq=False)
class Columns:
    """Numbers for each column of a row and each feature, the same for a column whatever the length of the row.

    They are kept as they are drawn, so that many views of a model take little memory.
    """

    seed: tuple[int, ...]
    draw: Draw
    _known: Tensor | None = field(default=None, repr=False)

    def like(self, states: Tensor) -> Tensor:
        """[length, features] for states [..., length, features], in their precision and on their device."""
        length, width = states.shape[-2:]
        if self._known is None or len(self._known) < length:
            blocks = [self._block(i, width) for i in range(-(-length // _BLOCK))]
            self._known = torch.as_tensor(np.concatenate(blocks))
        return self._known[:length].to(states)

    def _block(self, index: int, width: int) -> npt.NDArray[Any]:
        return self.draw(np.random.default_rng(np.random.SeedSequence((*self.seed, index))), (_BLOCK, width))


class NoisyTable(nn.Module):
    """A table of embeddings that adds fixed noise, `length` long on average, to what it looks up."""

    def __init__(self, table: nn.Module, columns: Columns, length: float) -> None:
        super().__init__()
        self.table, self.columns, self.length = table, columns, length

    @property
    def weight(self) -> Tensor:
        """The embeddings themselves."""
        weight: Tensor = self.table.weight  # type: ignore[assignment]
        return weight

    def forward(self, ids: Tensor) -> Tensor:
        """[n, length, width] from ids [n, length]."""
        found: Tensor = self.table(ids)
        return found + self.length * self.columns.like(found)


class FixedDropout(nn.Module):
    """Dropout that always drops the same: per column and feature of states [n, length, features], or per feature."""

    def __init__(self, share: float, columns: Columns) -> None:
        super().__init__()
        self.share, self.columns = share, columns

    def forward(self, states: Tensor) -> Tensor:
        """The states with some entries 0 and the others larger; anything but states passes as it is."""
        if states.dim() > 3:
            return states
        kept = self.columns.like(states if states.dim() == 3 else states[:, None])
        return states * kept / (1 - self.share)


def with_embedding_noise(network: Network, radius: float, seed: int, is_uniform: bool) -> Network:
    """Noise of `radius` times the mean length of an embedding on every input embedding, special pieces included."""
    table = input_table(network.module)
    width = table.weight.shape[1]
    length = radius * float(table.weight.detach().double().norm(dim=1).mean())
    draw = _uniform(width) if is_uniform else _normal(width)

    def noisy(module: nn.Module) -> nn.Module:
        weight, columns = input_table(module).weight, Columns((seed,), draw)
        is_table = lambda part: isinstance(part, nn.Embedding) and part.weight is weight  # noqa: E731
        return exchanged(module, is_table, lambda part, _: NoisyTable(part, columns, length))

    return _over(network, noisy)


def dropout_view(network: Network, seed: int, share: float | None) -> Network:
    """Every nn.Dropout drops a fixed pattern, with its own share or the given one (attention weights excepted).

    TypeError where nothing would be dropped.
    """
    shares = [part.p if share is None else share for part in network.module.modules() if isinstance(part, nn.Dropout)]
    if not any(shares):
        what = "has no nn.Dropout" if not shares else "drops nothing: every share is 0. Give `share=0.1`"
        raise TypeError(f"{type(network.module).__name__} {what}; there is no dropout view of it.")

    def dropping(module: nn.Module) -> nn.Module:
        is_dropout = lambda part: isinstance(part, nn.Dropout)  # noqa: E731
        return exchanged(module, is_dropout, lambda part, index: _fixed(part, index, seed, share))

    return _over(network, dropping)


def _over(network: Network, change: Callable[[nn.Module], nn.Module]) -> Network:
    """The network with both of its modules changed, or its one module."""
    module = change(network.module)
    return replace(network, module=module, fast=module if network.is_exact else change(network.fast))


def _fixed(part: nn.Module, index: int, seed: int, share: float | None) -> nn.Module:
    assert isinstance(part, nn.Dropout)
    p = part.p if share is None else share
    return FixedDropout(p, Columns((seed, index), lambda rng, shape: rng.random(shape) >= p))


def _normal(width: int) -> Draw:
    return lambda rng, shape: (rng.standard_normal(shape) / np.sqrt(width)).astype(np.float32)


def _uniform(width: int) -> Draw:
    return lambda rng, shape: (rng.uniform(-1, 1, shape) * np.sqrt(3 / width)).astype(np.float32)
