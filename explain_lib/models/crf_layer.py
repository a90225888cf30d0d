"""CRF layers of other libraries: recognised by their three weights, in a module or in a weight file."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from .transitions import Transitions

SPELLINGS = (  # start, between [from, to], end
    ("start_transitions", "transitions", "end_transitions"),  # pytorch-crf, AllenNLP
    ("start_trans", "trans_matrix", "end_trans"),  # TorchCRF
)


class CrfLayer(nn.Module):
    """The weights of a chain that came in a weight file, kept beside the tagger they belong to."""

    def __init__(self, start: Tensor, between: Tensor, end: Tensor) -> None:
        super().__init__()
        weights = (start, between, end)
        self.start_transitions, self.transitions, self.end_transitions = map(nn.Parameter, weights)


def transitions_in(module: nn.Module, n_tags: int) -> Transitions | None:
    """The weights of the one CRF layer in a module, None where there is none.

    Raises ValueError for several layers, for one of another number of tags, and for one whose weights are not known:
    a tagger that was trained with a CRF is never silently read as a softmax tagger.
    """
    layers = {name: layer for name, layer in module.named_modules() if _weights(layer)}
    if len(layers) > 1:
        raise ValueError(f"the module has CRF layers {', '.join(layers)}; give the weights of one as transitions=.")
    for name, layer in layers.items():
        start, between, end = (weight.detach().double().cpu().numpy() for weight in _weights(layer))
        if between.shape != (n_tags, n_tags):
            raise ValueError(
                f"the CRF layer {name!r} has transitions of shape {between.shape} for {n_tags} tags; give the weights "
                "that belong to the tags of the model as transitions=Transitions(start, between, end)."
            )
        return Transitions(start, between, end)
    if unknown := [name for name, layer in module.named_modules() if "crf" in type(layer).__name__.lower() and name]:
        raise ValueError(
            f"the layer {unknown[0]!r} looks like a CRF, but its weights are not {' or '.join(map(str, SPELLINGS))}; "
            "give them as transitions=Transitions(start, between, end)."
        )
    return None


def take_layer(weights: dict[str, Tensor]) -> CrfLayer | None:
    """Take the three weights of a CRF out of a dictionary of weights; None, and nothing taken, where they are not."""
    for spelling in SPELLINGS:
        for name in weights:
            prefix = name.removesuffix(spelling[0])
            names = [prefix + part for part in spelling]
            if prefix != name and all(part in weights for part in names):
                return CrfLayer(*[weights.pop(part) for part in names])
    return None


def _weights(layer: nn.Module) -> list[Tensor]:
    """Start, between and end of a layer that has them under one of the known names."""
    for spelling in SPELLINGS:
        found: list[Any] = [getattr(layer, name, None) for name in spelling]
        if all(isinstance(weight, Tensor) for weight in found):
            return found
    return []
