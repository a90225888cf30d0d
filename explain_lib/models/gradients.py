"""Scores and their slopes at points of input-embedding space, in float32 (float64 models stay in float64)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from .calling import input_table
from .graphs import graphs
from .network import Network
from .protocols import Floats, Float32s, Ints, PieceRows, PointGradients

ScoreOf = Callable[[Tensor], Tensor]
"""Compact outputs float64[points, ...] to scores [points, targets], differentiable."""

# A forward pass keeps what its backward passes need. 1024 pieces through 10.6 M weights take about a second with four
# targets on two cores, and more pieces at once are no faster there.
_PIECES_TIMES_WEIGHTS = {"cpu": 1024 * 10_600_000, "cuda": 8192 * 86_000_000}
_LEAST, _MOST = 256, {"cpu": 1024, "cuda": 1 << 15}


def points_at_once(network: Network, length: int) -> int:
    """How many points of rows of this length go into one forward pass: at least one."""
    kind = "cpu" if network.device.type == "cpu" else "cuda"
    pieces = _PIECES_TIMES_WEIGHTS[kind] // max(network.n_encoder_weights, 1)
    return max(1, int(np.clip(pieces, _LEAST, _MOST[kind])) // length)


@torch.no_grad()
def embeddings(network: Network, ids: Ints) -> Float32s:
    """float[n, length, width]: the input embeddings of piece ids int[n, length]."""
    found: Float32s = input_table(network.module)(network.tensor(ids)).cpu().numpy()
    return found


@torch.no_grad()
def point_values(network: Network, row: PieceRows, points: Floats, score: ScoreOf) -> Floats:
    """float64[points, targets]: scores with `points` float[points, length, width] for input embeddings."""
    values: Floats = _values(network, row, _point_tensor(network, points), score).numpy()
    return values


@graphs()
def point_gradients(
    network: Network, row: PieceRows, points: Floats, directions: Floats, score: ScoreOf
) -> PointGradients:
    """Slopes along `directions` float[points or 1, length, width], piece by piece.

    One forward pass serves all targets; each target costs one backward pass over all points. (A batched
    vector-Jacobian product is no faster than this loop: on the demo model it takes 0–16 % longer on a CPU with fused
    attention, whose backward kernel has no batching rule, and up to 30 % longer with unfused.)
    """
    leaves = _point_tensor(network, points).requires_grad_()
    along = _point_tensor(network, directions).double()
    values = _values(network, row, leaves, score)
    # Rows do not see each other, so the gradient of a sum over points holds the gradient of every point.
    slopes = [torch.autograd.grad(total, leaves, retain_graph=True)[0] for total in values.sum(0)]
    products = [torch.einsum("nld,nld->nl", slope.double(), along.expand_as(slope)) for slope in slopes]
    return PointGradients(values.detach().numpy(), torch.stack(products, dim=1).cpu().numpy())


@graphs()
def point_slopes(network: Network, row: PieceRows, point: Floats, score: ScoreOf) -> Floats:
    """float64[targets, length, width]: the whole gradient of every score at one point float[length, width]."""
    leaf = _point_tensor(network, point[None]).requires_grad_()
    values = _values(network, row, leaf, score)
    slopes = [torch.autograd.grad(value, leaf, retain_graph=True)[0][0] for value in values[0]]
    return np.asarray(torch.stack(slopes).double().cpu().numpy())


def _values(network: Network, row: PieceRows, points: Tensor, score: ScoreOf) -> Tensor:
    """Scores [points, targets] on the CPU in float64."""
    return score(network.outputs_at(points, row).cpu().double())


def _point_tensor(network: Network, array: Floats) -> Tensor:
    weight = input_table(network.module).weight
    return torch.as_tensor(np.asarray(array), dtype=weight.dtype, device=network.device)
