"""Copies of a module that share its weights, so that something inside can be exchanged without touching the module."""

from __future__ import annotations

import copy
from collections.abc import Callable

from torch import nn


def shared_twin(module: nn.Module) -> nn.Module:
    """The same structure over the very tensors of `module`; its hooks are copied, its weights are not."""
    return copy.deepcopy(module, {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())})


def exchanged(
    module: nn.Module, chosen: Callable[[nn.Module], bool], instead: Callable[[nn.Module, int], nn.Module]
) -> nn.Module:
    """A twin with every chosen part exchanged for `instead(part, index)`, numbered in the order of definition."""
    twin, index = shared_twin(module), 0
    for parent in list(twin.modules()):
        for name, child in list(parent.named_children()):
            if chosen(child):
                setattr(parent, name, instead(child, index))
                index += 1
    return twin
