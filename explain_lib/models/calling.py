"""What a torch module must offer to be explained: a table of input embeddings, and a forward pass that gives logits."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from torch import Tensor, nn
from transformers import PreTrainedModel

_EXPECTED = (
    "A module that is explained has get_input_embeddings(), and its forward takes input_ids or (for gradient methods) "
    "inputs_embeds, with attention_mask, and returns an object with `logits`. Put one around yours: see 'Plug in your "
    "own model' in CONTRIBUTING.md."
)


def input_table(module: nn.Module) -> nn.Embedding:
    """The table of piece embeddings; ValueError for a module that does not say which it is."""
    try:
        table = module.get_input_embeddings()  # type: ignore[operator]
    except (AttributeError, NotImplementedError, TypeError) as error:
        raise ValueError(f"{type(module).__name__} has no get_input_embeddings(). {_EXPECTED}") from error
    if not isinstance(getattr(table, "weight", None), Tensor):
        raise ValueError(
            f"{type(module).__name__}.get_input_embeddings() gives a {type(table).__name__} and no table. {_EXPECTED}"
        )
    return table  # type: ignore[no-any-return]


def logits_of(module: nn.Module, inputs: Mapping[str, Tensor]) -> Tensor:
    """`module(**inputs).logits`; ValueError for a module that cannot be called so, or that returns something else."""
    try:
        found = module(**inputs)
    except TypeError as error:
        if lacks := _not_taken(module, inputs):
            raise ValueError(f"{type(module).__name__}.forward takes no {', '.join(lacks)}. {_EXPECTED}") from error
        raise
    logits = getattr(found, "logits", None)
    if not isinstance(logits, Tensor):
        hint = "Set config.return_dict = True. " if isinstance(module, PreTrainedModel) else ""
        raise ValueError(
            f"{type(module).__name__} returns a {type(found).__name__} without a tensor `logits`. {hint}{_EXPECTED}"
        )
    return logits


def _not_taken(module: nn.Module, inputs: Mapping[str, Tensor]) -> list[str]:
    parameters = inspect.signature(module.forward).parameters
    if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
        return []
    return [name for name in inputs if name not in parameters]
