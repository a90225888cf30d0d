"""The weights as shipped: what the folders hold, that plain calls load them, and that the cards tell the truth."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from transformers import AutoConfig, AutoModelForTokenClassification, AutoTokenizer, pipeline

import explain_lib as xl
from explain_lib.core import data_folder
from explain_lib.models.demo import demo_mlm
from explain_lib.training.demo.card import BEGIN, END, masked_lm_table, tagger_tables
from explain_lib.training.demo.sets import TAGS

TAGGER, HEAD = data_folder("models", "medical-ner"), data_folder("models", "medical-mlm")
OBVIOUS = [
    ("en", "Cisplatin was given for ovarian cancer.", {("Cisplatin", "Chemical"), ("ovarian cancer", "Disease")}),
    ("zh", "糖尿病患者能吃阿司匹林吗？", {("糖尿病", "Disease"), ("阿司匹林", "Chemical")}),
    ("nl", "Patiënt kreeg furosemide wegens hartfalen.", {("furosemide", "Chemical"), ("hartfalen", "Disease")}),
]  # fmt: skip


@pytest.fixture(scope="module")
def metrics() -> dict[str, Any]:
    return json.loads((TAGGER / "metrics.json").read_text("utf-8"))


def test_the_folders_are_small_and_hold_no_pickle() -> None:
    files = [*TAGGER.iterdir(), *HEAD.iterdir()]
    assert sum(file.stat().st_size for file in files) <= 40e6
    assert {file.suffix for file in files} == {".json", ".md", ".safetensors"}


def test_weights_are_half_precision_and_the_head_has_no_embeddings() -> None:
    for folder in (TAGGER, HEAD):
        with safe_open(folder / "model.safetensors", "pt") as weights:
            assert {weights.get_slice(name).get_dtype() for name in weights.keys()} == {"F16"}  # noqa: SIM118
    assert (HEAD / "model.safetensors").stat().st_size < 1e6


def test_the_configuration_names_labels_decoder_and_label_positions() -> None:
    config = AutoConfig.from_pretrained(TAGGER)
    assert tuple(config.id2label[i] for i in range(config.num_labels)) == TAGS
    assert config.explain_lib == {"decoder": "bio-strict", "label_positions": "first_piece"}


@pytest.mark.parametrize(("lang", "text", "expected"), OBVIOUS)
def test_obvious_entities_are_found(lang: str, text: str, expected: set[tuple[str, str]]) -> None:
    document = xl.Document(text, lang=lang)
    assert expected <= {(s.text_of(text), s.label) for s in xl.predict(xl.demo_model(), document).spans}


@pytest.mark.parametrize(("lang", "text", "expected"), OBVIOUS)
def test_the_plain_call_of_transformers_finds_them_too(lang: str, text: str, expected: set[tuple[str, str]]) -> None:
    model = AutoModelForTokenClassification.from_pretrained(TAGGER, dtype=torch.float32)
    tagger = pipeline("token-classification", model, tokenizer=AutoTokenizer.from_pretrained(TAGGER), device="cpu",
                      aggregation_strategy="first")  # fmt: skip
    assert expected <= {(text[e["start"] : e["end"]], e["entity_group"]) for e in tagger(text)}


def test_the_joined_head_guesses_better_than_chance() -> None:
    model, tokenizer = demo_mlm()
    assert model.cls.predictions.decoder.weight is model.bert.embeddings.word_embeddings.weight
    text = "孩子咳嗽，有痰，需要吃什么" + tokenizer.mask_token + "？"
    ids = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        logits = model(**ids).logits[ids["input_ids"] == tokenizer.mask_token_id][0]
    assert "药" in tokenizer.convert_ids_to_tokens(logits.topk(5).indices.tolist())


def test_the_cards_show_the_figures_of_metrics_json(metrics: dict[str, Any]) -> None:
    assert shown(TAGGER / "README.md") == tagger_tables(metrics)
    assert shown(HEAD / "README.md") == masked_lm_table(metrics)


def test_figures_are_within_their_intervals(metrics: dict[str, Any]) -> None:
    scores = [m for part in ("devel", "documents", "mantra_emea") for m in metrics[part].values()]
    assert len(scores) == 9 and all(m["interval"][0] < m["f1"] < m["interval"][1] for m in scores)


def shown(card: Path) -> str:
    found = re.search(f"{re.escape(BEGIN)}\n(.*)\n{re.escape(END)}", card.read_text("utf-8"), re.DOTALL)
    assert found, f"{card} shows no figures"
    return found[1]
