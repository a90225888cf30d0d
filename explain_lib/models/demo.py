"""The demo model of this project, and the masked-LM head that belongs to it."""

from __future__ import annotations

from functools import cache
from typing import Any

from safetensors.torch import load_file
from transformers import BertForMaskedLM

from explain_lib.core import data_folder

from .checkpoint import read_checkpoint
from .fill_in import MaskedLanguageModel, masked_language_model
from .load import load_model
from .token_classification import Tagger


def demo_model() -> Tagger:
    """The small medical tagger for Chinese, Dutch and English that comes with the source checkout.

    It is found from any folder; see `data_folder` for where it is looked for. Raises FileNotFoundError where it is not.
    """
    model = load_model(data_folder("models", "medical-ner"))
    assert isinstance(model, Tagger)
    return model


@cache
def demo_fill_in() -> MaskedLanguageModel:
    """The demo model's masked language model, for `FillIn`; read once in a process and never changed.

    Raises FileNotFoundError where the folders of the demo models are not found.
    """
    return masked_language_model(*demo_mlm(), "medical-mlm")


def demo_mlm() -> tuple[BertForMaskedLM, Any]:
    """The masked language model of the demo model, in float32 on the CPU, with its tokenizer.

    The encoder and the piece embeddings, which are the output layer too, are the tagger's own; `medical-mlm` adds the
    head. Raises FileNotFoundError where either folder is missing, ValueError where they do not fit each other.
    """
    tagger, tokenizer = read_checkpoint(data_folder("models", "medical-ner"))
    head = load_file(data_folder("models", "medical-mlm", "model.safetensors"))
    return join_head(tagger, head), tokenizer


def join_head(tagger: Any, head: dict[str, Any]) -> BertForMaskedLM:
    """A masked language model of a BERT tagger's encoder and the weights of a head (names below `cls.predictions`)."""
    joined: BertForMaskedLM = BertForMaskedLM(tagger.config)
    joined.bert.load_state_dict(tagger.bert.state_dict())
    state = {f"cls.predictions.{name}": weight.float() for name, weight in head.items()}
    found = joined.load_state_dict(state, strict=False)
    missing = [name for name in found.missing_keys if name.startswith("cls.") and "decoder" not in name]
    if missing or found.unexpected_keys:
        raise ValueError(
            f"the masked-LM head does not fit the tagger: it lacks {missing}, and {found.unexpected_keys} are left "
            "over. Take medical-ner and medical-mlm from the same checkout."
        )
    joined.tie_weights()
    joined.eval()
    return joined
