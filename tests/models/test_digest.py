"""The digest of a model: the same for the same weights, another for any other."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import torch
from tiny_checkpoints import TAGS, build
from tokenizers.normalizers import BertNormalizer

from explain_lib.models import Transitions, load_model
from explain_lib.models.digest import model_digest
from explain_lib.models.toy import planted_tagger

MODEL = planted_tagger().tagger


def altered(at: int) -> object:
    """The model with one weight of its parameter `at` moved by the smallest step."""
    module = deepcopy(MODEL.network.module)
    with torch.no_grad():
        weight = list(module.state_dict().values())[at].reshape(-1)
        weight[-1] = torch.nextafter(weight[-1], torch.tensor(9.0))
    return replace(MODEL, network=replace(MODEL.network, module=module, fast=module))


def test_the_same_weights_have_the_same_digest() -> None:
    copied = deepcopy(MODEL.network.module)
    again = replace(MODEL, network=replace(MODEL.network, module=copied, fast=copied))
    assert model_digest(again) == model_digest(MODEL)
    assert len(model_digest(MODEL)) == 32


def test_one_weight_or_another_name_makes_another_digest() -> None:
    count = len(MODEL.network.module.state_dict())
    found = {model_digest(altered(at)) for at in range(count)} | {model_digest(replace(MODEL, name="other"))}
    assert len(found | {model_digest(MODEL)}) == count + 2


def test_half_precision_and_models_from_elsewhere() -> None:
    class Own:
        def __repr__(self) -> str:
            return "<Own at 0x7f00>"

    half = deepcopy(MODEL.network.module).bfloat16()
    assert model_digest(replace(MODEL, network=replace(MODEL.network, module=half))) != model_digest(MODEL)
    assert model_digest(Own()) == model_digest(Own())


def test_what_stands_beside_the_weights_counts_too():
    """Tokenizer, windows and transitions that were given change answers, and nothing in the weights or the repr."""
    module, tokenizer = build("bert")
    cased = deepcopy(tokenizer)
    cased.backend_tokenizer.normalizer = BertNormalizer(lowercase=False)
    none = np.zeros(len(TAGS))
    chained = [Transitions(none, np.full((len(TAGS), len(TAGS)), weight), none) for weight in (0.0, 0.5)]
    made = [
        load_model((module, tokenizer)), load_model((module, cased)), load_model((module, tokenizer), windows=False),
        *(load_model((module, tokenizer), transitions=one) for one in chained),
    ]  # fmt: skip
    assert len({model_digest(one) for one in made}) == len(made)
    assert model_digest(load_model((module, deepcopy(tokenizer)))) == model_digest(made[0])
