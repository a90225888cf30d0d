"""Models: networks behind tokenizers and decoders. Names are resolved on first use, so that torch loads late."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from .protocols import Attention, Encoding, Event, Model, PieceRows, PointGradients, Tick, Vocabulary, Window

if TYPE_CHECKING:
    from .biaffine import BiaffineModel
    from .class_decoder import ClassDecoder
    from .demo import demo_fill_in, demo_model
    from .digest import model_digest
    from .family import Family
    from .fill_in import load_fill_in
    from .load import load_model
    from .network import Network
    from .planted import planted_model
    from .predicting import predict
    from .reading import Reading
    from .runner import Runner
    from .sequence_classification import Classifier
    from .span import SpanTagger
    from .span_decoder import SpanDecoder
    from .tagging import TagDecoder
    from .token_classification import Tagger
    from .transitions import Transitions
    from .windows import WindowPlan

_LAZY = {
    "BiaffineModel": "biaffine", "ClassDecoder": "class_decoder", "Classifier": "sequence_classification",
    "Family": "family", "Network": "network", "Reading": "reading", "Runner": "runner", "SpanDecoder": "span_decoder",
    "SpanTagger": "span", "TagDecoder": "tagging", "Tagger": "token_classification", "Transitions": "transitions",
    "WindowPlan": "windows", "demo_fill_in": "demo", "demo_model": "demo", "load_fill_in": "fill_in",
    "load_model": "load", "model_digest": "digest", "planted_model": "planted", "predict": "predicting",
}  # fmt: skip

__all__ = [
    "Attention", "BiaffineModel", "ClassDecoder", "Classifier", "Encoding", "Event", "Family", "Model", "Network",
    "PieceRows", "PointGradients", "Reading", "Runner", "SpanDecoder", "SpanTagger", "TagDecoder", "Tagger", "Tick",
    "Transitions", "Vocabulary", "Window", "WindowPlan", "demo_fill_in", "demo_model", "load_fill_in", "load_model",
    "model_digest", "planted_model", "predict",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'explain_lib.models' has no attribute {name!r}; it offers {', '.join(__all__)}.")
    value = getattr(import_module(f".{_LAZY[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
