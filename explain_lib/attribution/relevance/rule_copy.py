"""A copy of an encoder that shares its weights and follows the rules of relevance; the encoder stays as it is."""

from __future__ import annotations

import copy
from typing import Any

from torch import Tensor, nn

from .book import Book
from .rules import RuleActivation, RuleAttention, RuleLinear, RuleNorm, RuleTable

_PROJECTIONS = (("query", "key", "value"), ("q_lin", "k_lin", "v_lin"))
_SUPPORTED = "BERT, RoBERTa, XLM-R and DistilBERT"
_AS_IT_IS = (nn.Dropout, nn.Identity)
_ELEMENTWISE = (
    nn.GELU, nn.ReLU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.ELU, nn.LeakyReLU, nn.Mish, nn.Softplus, nn.ReLU6, nn.Hardtanh,
)  # fmt: skip


def rule_copy(module: nn.Module, epsilon: float, book: Book) -> nn.Module:
    """A module that computes what `module` computes and whose gradient carries relevance.

    Parameters and buffers are shared, not copied. ValueError for a module with layers that no rule is known for.
    """
    shared = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    twin = copy.deepcopy(module, shared)
    inputs = twin.get_input_embeddings()  # type: ignore[operator]
    for name, part in list(twin.named_modules()):
        if part is not inputs and not list(part.children()):
            _replace(twin, name, part, epsilon, book)
    for name, part in list(twin.named_modules()):
        if attention := _attention(part, book):
            twin.set_submodule(name, attention)
    _refuse_other_attention(twin)
    _watch_layers(twin, book)
    return twin


def _replace(twin: nn.Module, name: str, part: nn.Module, epsilon: float, book: Book) -> None:
    """Put the rule in the place of one layer; layers without weights that are no known function are refused."""
    rule: nn.Module
    if isinstance(part, nn.Linear):
        rule = RuleLinear(part, epsilon, book)
    elif isinstance(part, nn.LayerNorm):
        rule = RuleNorm(part, book)
    elif isinstance(part, nn.Embedding):
        rule = RuleTable(part, book)
    elif isinstance(part, _ELEMENTWISE) or type(part).__module__ == "transformers.activations":
        rule = RuleActivation(part, book)
    elif isinstance(part, _AS_IT_IS) or type(part).__module__.startswith("explain_lib."):
        return
    else:
        raise ValueError(
            f"AttnLRP has no rule for the layer {name} ({type(part).__name__}); it knows {_SUPPORTED}. "
            "Use xl.IntegratedGradients, or a black-box method."
        )
    twin.set_submodule(name, rule)


def _attention(part: nn.Module, book: Book) -> RuleAttention | None:
    """The rule of a self-attention module by the names of its projections, None for any other module."""
    scaling: Any = getattr(part, "scaling", None)
    width: Any = getattr(part, "attention_head_size", None)
    for names in _PROJECTIONS:
        parts = [getattr(part, name, None) for name in names]
        if all(isinstance(one, RuleLinear) for one in parts) and scaling is not None and width is not None:
            query, key, value = (one for one in parts if one is not None)
            return RuleAttention((query, key, value), getattr(part, "out_lin", None), width, scaling, book)
    return None


def _refuse_other_attention(twin: nn.Module) -> None:
    for name, part in twin.named_modules():
        is_attention = "Attention" in type(part).__name__
        if is_attention and not any(isinstance(inner, RuleAttention) for inner in part.modules()):
            raise ValueError(
                f"AttnLRP has no rule for the attention of {name} ({type(part).__name__}); it knows {_SUPPORTED}. "
                "Use xl.IntegratedGradients, or a black-box method."
            )


def _watch_layers(twin: nn.Module, book: Book) -> None:
    """Tell the book where each encoder layer begins and where the last one ends (hooks on the twin alone)."""
    lists = (part for part in twin.modules() if isinstance(part, nn.ModuleList) and len(part))
    layers = next((part for part in lists if all(map(_has_attention, part))), None)
    if layers is None:
        return
    for number, layer in enumerate(layers, start=1):
        layer.register_forward_pre_hook(_begins(f"layer {number}", book), with_kwargs=True)
    layers[-1].register_forward_hook(lambda _, __, found: book.begin("head", _state(found)))


def _has_attention(part: nn.Module) -> bool:
    return any(isinstance(inner, RuleAttention) for inner in part.modules())


def _begins(stage: str, book: Book) -> Any:
    def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        book.begin(stage, _state(args) if args else kwargs["hidden_states"])

    return hook


def _state(found: Any) -> Tensor:
    state: Tensor = found[0] if isinstance(found, tuple) else found
    return state
