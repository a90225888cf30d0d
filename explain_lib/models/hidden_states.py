"""The states of a network between its layers, and the slopes of scores along them, in float32 (float64 stays)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from .calling import input_table
from .graphs import graphs
from .network import Network
from .protocols import Float32s, Floats, PieceRows

ScoreOf = Callable[[Tensor], Tensor]


def n_layers(network: Network) -> int:
    """How many layers a Transformer of the transformers library has; 0 for any other module."""
    inner = _transformer(network.module)
    return 0 if inner is None else int(getattr(inner.config, "num_hidden_layers", 0))


@torch.no_grad()
def hidden_states(network: Network, rows: PieceRows, layer: int) -> Float32s:
    """float[n, length, width]: states behind a layer; 0 is what enters the first one.

    A module that is no Transformer of the transformers library has layer 0 only: its input embeddings.
    """
    embedded = input_table(network.module)(network.tensor(rows.ids))
    states, _ = _pass(network, rows, embedded, layer)
    found: Float32s = states.cpu().numpy()
    return found


@graphs()
def hidden_gradients(network: Network, row: PieceRows, layer: int, score: ScoreOf) -> Floats:
    """float64[targets, length, width]: the gradient of every score of one row along the states behind a layer.

    One forward pass serves all targets; each costs one backward pass down to that layer.
    """
    leaf = input_table(network.module)(network.tensor(row.ids)).detach().requires_grad_()
    states, outputs = _pass(network, row, leaf, layer)
    slopes = [
        torch.autograd.grad(value, states, retain_graph=True, allow_unused=True, materialize_grads=True)[0][0]
        for value in score(outputs.cpu().double())[0]
    ]
    return np.asarray(torch.stack(slopes).double().cpu().numpy())


def _pass(network: Network, rows: PieceRows, embedded: Tensor, layer: int) -> tuple[Tensor, Tensor]:
    """The states behind a layer and the compact outputs, of rows embedded as [n, length, width]."""
    most = n_layers(network)
    if not 0 <= layer <= most:
        raise ValueError(f"layer is {layer}; {type(network.module).__name__} has layers 0 (its input) to {most}.")
    twin, kept = _showing(network.module)
    inputs = {"inputs_embeds": embedded, "attention_mask": network.tensor(rows.attended)}
    outputs, is_absent = network.reading(twin, inputs, network.tensor(rows.labels_at))
    states = kept.get("states") or (embedded,)
    return states[layer], outputs.masked_fill(is_absent[..., None], torch.nan)


def _showing(module: nn.Module) -> tuple[nn.Module, Mapping[str, tuple[Tensor, ...]]]:
    """A twin that shares the weights of a module, and where its states will be kept; the module is not switched."""
    twin = copy.deepcopy(module, {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())})
    kept: dict[str, tuple[Tensor, ...]] = {}
    inner = _transformer(twin)
    if inner is not None:
        inner.config.output_hidden_states = True
        inner.register_forward_hook(lambda _, __, output: kept.update(states=output.hidden_states))
    return twin, kept


def _transformer(module: nn.Module) -> PreTrainedModel | None:
    return next((part for part in module.modules() if isinstance(part, PreTrainedModel)), None)
