"""Attention weights of a Transformer, the slopes of scores along them, and the places that its head reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .calling import input_table
from .graphs import graphs
from .network import Network
from .protocols import Attention, Float32s, PieceRows
from .twin import shared_twin

ScoreOf = Callable[[Tensor], Tensor]


def attention(network: Network, row: PieceRows, score: ScoreOf | None) -> Attention:
    """Weights of one row and, lazily and in order, the slopes of each score along them, in float32; and its places.

    Raises TypeError for a module that holds no Transformer of the transformers library, or one that gives no weights.
    """
    with graphs():
        table = input_table(network.module)
        # The weights of a model are frozen, so a graph needs a leaf of its own.
        leaf = table(network.tensor(row.ids)).detach().requires_grad_()
        twin, kept = unfused(network.module)
        outputs = network.outputs_at(leaf, row, twin)
        layers = _checked(kept.layers, network.module)
        values = () if score is None else score(outputs.cpu().double())[0].unbind()
        numbers = outputs[0].unbind()  # here, where they stay in the graph
    return Attention(_array(layers), _slopes(values, layers), lambda: _places(numbers, kept.last, network.module))


@dataclass
class KeptWeights:
    """What the last forward pass computed.

    `layers`: attention weights, one Tensor [1, heads, length, length] a layer; `last`: the state behind the last layer.
    """

    layers: tuple[Tensor, ...] | None = None
    last: Tensor | None = None


def unfused(module: nn.Module) -> tuple[nn.Module, KeptWeights]:
    """A twin that shares the weights of a module, computes attention unfused, and where its weights will be kept.

    The module itself is not switched: transformers would leave hooks in it, and other threads may be using it.
    """
    twin = shared_twin(module)
    inner = next((part for part in twin.modules() if isinstance(part, PreTrainedModel)), None)
    if inner is None:
        raise TypeError(_nothing_offered(module))
    kept = KeptWeights()

    def keep(_: nn.Module, __: object, output: object) -> None:
        kept.layers = getattr(output, "attentions", None)
        kept.last = (getattr(output, "hidden_states", None) or (None,))[-1]

    inner.register_forward_hook(keep)
    inner.set_attn_implementation("eager")
    inner.config.output_attentions = inner.config.output_hidden_states = True
    return twin, kept


def _slopes(values: tuple[Tensor, ...], layers: tuple[Tensor, ...]) -> Iterator[Float32s]:
    """Slopes [layers, heads, length, length] of each value; a layer that a value does not depend on gives zeros."""
    for value in values:
        found = torch.autograd.grad(value, layers, retain_graph=True, allow_unused=True, materialize_grads=True)
        yield _array(found)


def _places(outputs: tuple[Tensor, ...], last: Tensor | None, module: nn.Module) -> Float32s:
    """float32[length] adding up to 1: how long the slope of outputs [labels] is along the last state of each piece."""
    slopes = [] if last is None else [
        torch.autograd.grad(output, last, retain_graph=True, allow_unused=True, materialize_grads=True)[0][0]
        for output in outputs
    ]  # fmt: skip
    lengths = torch.stack(slopes).square().sum(dim=(0, 2)).sqrt() if slopes else torch.zeros(1)
    if not lengths.any():
        raise ValueError(
            f"it cannot be told where {type(module).__name__} reads its Transformer: its logits have no slope along "
            "the states behind the last layer. Use a gradient method such as IntegratedGradients or a black-box one."
        )
    shares: Float32s = (lengths / lengths.sum()).cpu().numpy()
    return shares


def _checked(layers: tuple[Tensor, ...] | None, module: nn.Module) -> tuple[Tensor, ...]:
    if not layers or any(layer is None for layer in layers):
        raise TypeError(_nothing_offered(module))
    return layers


def _nothing_offered(module: nn.Module) -> str:
    return (
        f"{type(module).__name__} offers no attention weights: it holds no Transformer of the transformers library "
        "that returns them. Use a gradient method such as IntegratedGradients, or a black-box method."
    )


def _array(layers: tuple[Tensor, ...]) -> npt.NDArray[np.float32]:
    stacked: npt.NDArray[np.float32] = torch.stack([layer[0].detach() for layer in layers]).cpu().numpy()
    return stacked
