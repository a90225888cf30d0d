"""Networks with random weights: the control that tells whether an explanation looks at the model at all."""

from __future__ import annotations

import copy

import torch

from .network import Network


def randomized(network: Network, rng: int) -> Network:
    """A copy whose weights are drawn anew from a normal with the mean and the deviation of each tensor.

    Tensors of one value (fresh norms and biases) stay. The copy runs in the precision of the reference passes; the
    network itself is not changed.
    """
    module = copy.deepcopy(network.module)
    generator = torch.Generator().manual_seed(rng)
    with torch.no_grad():
        for weight in module.parameters():
            if weight.is_floating_point() and weight.numel() > 1:
                drawn = torch.randn(weight.shape, generator=generator, dtype=torch.float64)
                values = weight.double()
                weight.copy_(values.mean() + values.std() * drawn.to(weight.device))
    return Network(module, module, next(module.parameters()).dtype, network.device, network.reading)


def parameter_bytes(network: Network) -> int:
    """The memory that a copy of the weights takes."""
    return sum(weight.numel() * weight.element_size() for weight in network.module.parameters())
