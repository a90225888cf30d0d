"""Models: networks behind tokenizers and decoders. Names are resolved on first use, so that torch loads late."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .protocols import Attention, Encoding, Event, Model, PieceRows, PointGradients, Tick, Vocabulary, Window

if TYPE_CHECKING:
    from .demo import demo_fill_in, demo_model
    from .fill_in import load_fill_in
    from .load import load_model
    from .predicting import predict
    from .token_classification import Tagger
    from .transitions import Transitions

_LAZY = {
    "Tagger": "token_classification", "Transitions": "transitions", "demo_fill_in": "demo", "demo_model": "demo",
    "load_fill_in": "fill_in", "load_model": "load", "predict": "predicting",
}  # fmt: skip

__all__ = [
    "Attention", "Encoding", "Event", "Model", "PieceRows", "PointGradients", "Tagger", "Tick", "Transitions",
    "Vocabulary", "Window", "demo_fill_in", "demo_model", "load_fill_in", "load_model", "predict",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'explain_lib.models' has no attribute {name!r}; it offers {', '.join(__all__)}.")
    value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
