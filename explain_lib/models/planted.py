"""The tagger that follows the rule of the planted corpora."""

from __future__ import annotations

from explain_lib.core import data_folder

from .load import load_model
from .token_classification import Tagger


def planted_model() -> Tagger:
    """The small tagger trained on planted documents, whose deciding words are known (see `planted_documents`).

    It follows the rule, which its model card shows by counterfactual swaps, so that explanations of it can be compared
    with a truth. It knows nothing else and is no medical tagger. Found like `demo_model`, never downloaded, and in
    float32 everywhere: the rule's effects are compared with small ones. Raises FileNotFoundError where it is not found.
    """
    model = load_model(data_folder("models", "planted-ner"), dtype="float32")
    assert isinstance(model, Tagger)
    return model
