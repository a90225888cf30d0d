"""Modules that cannot be called as the library calls them: what each lacks is said at loading or at first use."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tiny_checkpoints import TEXTS, build, build_classifier, save
from torch import nn

import explain_lib as xl
from explain_lib.models import load_model

WRAP = r"put one around yours: see 'Plug in your own model' in CONTRIBUTING.md"


class Own(nn.Module):
    """A module around another, as a user writes it."""

    def __init__(self):
        super().__init__()
        self.inner = build("bert")[0]
        self.config = self.inner.config

    def get_input_embeddings(self):
        return self.inner.get_input_embeddings()

    def forward(self, **inputs):
        return self.inner(**inputs)


class ReturnsTuple(Own):
    def forward(self, **inputs):
        return (self.inner(**inputs).logits,)


class ReturnsTensor(Own):
    def forward(self, **inputs):
        return self.inner(**inputs).logits


class NoMask(Own):
    def forward(self, input_ids):
        return self.inner(input_ids=input_ids)


class NoPoints(Own):
    def forward(self, input_ids, attention_mask):
        return self.inner(input_ids=input_ids, attention_mask=attention_mask)


class NoTable(Own):
    get_input_embeddings = None


class NotImplementedTable(Own):
    def get_input_embeddings(self):
        raise NotImplementedError


class FunctionForTable(Own):
    def get_input_embeddings(self):
        return nn.Identity()


class Broken(Own):
    def forward(self, input_ids, attention_mask):
        return "text" + 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (ReturnsTuple, "ReturnsTuple returns a tuple without a tensor `logits`"),
        (ReturnsTensor, "ReturnsTensor returns a Tensor without a tensor `logits`"),
        (NoMask, "NoMask.forward takes no attention_mask"),
        (NoTable, r"NoTable has no get_input_embeddings\(\)"),
        (NotImplementedTable, r"NotImplementedTable has no get_input_embeddings\(\)"),
        (FunctionForTable, r"FunctionForTable.get_input_embeddings\(\) gives a Identity and no table"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_a_module_lacks_is_said_when_it_is_loaded(make, message):
    with pytest.raises(ValueError, match=f"(?i){message}.*{WRAP}"):
        load_model((make(), build("bert")[1]))


@pytest.mark.parametrize("builder", [build, build_classifier], ids=lambda b: b.__name__)
def test_a_library_model_that_was_told_to_return_tuples(builder):
    module, tokenizer = builder("bert")
    module.config.return_dict = False
    with pytest.raises(ValueError, match=r"returns a tuple .* Set config.return_dict = True"):
        load_model((module, tokenizer))


def test_a_module_without_points_serves_all_but_gradient_methods():
    model = load_model((NoPoints(), build("bert")[1]), dtype="float32")
    query = xl.Query(model, xl.Document(TEXTS[0], "nl"), [xl.Target(xl.Span(14, 24, "Drug"))])
    assert np.ptp(xl.explain(query, xl.Occlusion()).scores) > 1e-3
    for method in (xl.IntegratedGradients(4), xl.AttentionRollout(), xl.AttnLRP()):
        with pytest.raises(ValueError, match=f"(?i)NoPoints.forward takes no inputs_embeds.*{WRAP}"):
            xl.explain(query, method)


def test_an_error_of_the_modules_own_is_not_explained_away():
    with pytest.raises(TypeError, match="can only concatenate str"):
        load_model((Broken(), build("bert")[1]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architectures": ["BertCrf"]}, r"checkpoint of another task \(BertCrf\)"),
        ({"model_type": "bert_crf"}, "names model_type 'bert_crf', which transformers cannot build"),
    ],
    ids=str,
)
def test_a_folder_of_a_class_of_ones_own_says_how_it_is_loaded(tmp_path, change, message):
    save(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, **change}), encoding="utf-8")
    with pytest.raises(ValueError, match=message + r".*load_model\(\(module, tokenizer\)\)"):
        load_model(tmp_path)
