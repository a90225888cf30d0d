"""Attention weights of a Transformer, and the slopes of scores along them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .network import Network
from .protocols import Attention, Float32s, PieceRows

ScoreOf = Callable[[Tensor], Tensor]


def attention(network: Network, row: PieceRows, score: ScoreOf | None) -> Attention:
    """Weights of one row and, lazily and in order, the slopes of each score along them, in float32.

    Raises TypeError for a module that holds no Transformer of the transformers library, or one that gives no weights.
    """
    with torch.set_grad_enabled(score is not None):
        table = network.module.get_input_embeddings()  # type: ignore[operator]
        # The weights of a model are frozen, so a graph needs a leaf of its own.
        leaf = table(network.tensor(row.ids)).detach().requires_grad_(score is not None)
        inputs = {"inputs_embeds": leaf, "attention_mask": network.tensor(row.attended)}
        twin, kept = unfused(network.module)
        outputs, is_absent = network.reading(twin, inputs, network.tensor(row.labels_at))
        layers = _checked(kept.layers, network.module)
        values = None if score is None else score(outputs.masked_fill(is_absent[..., None], torch.nan).cpu().double())
    return Attention(_array(layers), iter(()) if values is None else _slopes(values[0], layers))


@dataclass
class KeptWeights:
    """The attention weights of the last forward pass, one Tensor [1, heads, length, length] a layer."""

    layers: tuple[Tensor, ...] | None = None


def unfused(module: nn.Module) -> tuple[nn.Module, KeptWeights]:
    """A twin that shares the weights of a module, computes attention unfused, and where its weights will be kept.

    The module itself is not switched: transformers would leave hooks in it, and other threads may be using it.
    """
    twin = copy.deepcopy(module, {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())})
    inner = next((part for part in twin.modules() if isinstance(part, PreTrainedModel)), None)
    if inner is None:
        raise TypeError(_nothing_offered(module))
    kept = KeptWeights()

    def keep(_: nn.Module, __: object, output: object) -> None:
        kept.layers = getattr(output, "attentions", None)

    inner.register_forward_hook(keep)
    inner.set_attn_implementation("eager")
    inner.config.output_attentions = True
    return twin, kept


def _slopes(values: Tensor, layers: tuple[Tensor, ...]) -> Iterator[Float32s]:
    """Slopes [layers, heads, length, length] of each value; a layer that a value does not depend on gives zeros."""
    for value in values:
        found = torch.autograd.grad(value, layers, retain_graph=True, allow_unused=True, materialize_grads=True)
        yield _array(found)


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
