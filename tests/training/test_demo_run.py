"""All stages of the demo training on a handful of sentences with a random one-layer encoder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForTokenClassification, BertConfig, BertModel, BertTokenizerFast

from explain_lib.core import Document, Span
from explain_lib.models import load_model, predict
from explain_lib.models.demo import join_head
from explain_lib.training.demo.export import export_head, export_tagger
from explain_lib.training.demo.head import fit_head, held_out_loss
from explain_lib.training.demo.pretrain import pretrain
from explain_lib.training.demo.sets import TAGS, TaggedSet
from explain_lib.training.demo.tagger import JointTagger, train_tagger
from explain_lib.training.demo.vocabulary import make_tokenizer

ENGLISH = Document("acute asthma was treated with steroids", "en", (Span(0, 12, "Disease"),))
CHINESE = Document("患者头痛三天，服用药物", "zh", (Span(2, 4, "Complaint"),))
DUTCH = Document("eczeem aan de knie", "nl", (Span(0, 6, "Disease"), Span(14, 18, "Body")))
PASSAGES = {"zh": [CHINESE.text] * 40, "en": [ENGLISH.text] * 20, "nl": [DUTCH.text] * 4}
SETS = [
    TaggedSet("ncbi_disease", "en", ("Disease",), (ENGLISH,) * 6, ()),
    TaggedSet("cmdd", "zh", ("Complaint",), (CHINESE,) * 20, ()),
    TaggedSet("dutch", "nl", ("Disease", "Body"), (DUTCH,) * 2, ()),
]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of one layer with an English character vocabulary."""
    folder = tmp_path_factory.mktemp("start")
    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), "asthma", "acute"]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    make_tokenizer(pieces, 64).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def trained(start: Path) -> tuple[JointTagger, BertTokenizerFast, list[float], list[float]]:
    masked, tags = [], []
    model, tokenizer = pretrain(start, PASSAGES, lambda _, loss: masked.append(loss))
    joint = train_tagger(model, tokenizer, SETS, {"Body": ["knie", "hals"]}, lambda _, loss: tags.append(loss))
    return joint, tokenizer, masked, tags


def test_both_stages_run_and_the_tagger_learns(trained: tuple[JointTagger, BertTokenizerFast, list, list]) -> None:
    joint, tokenizer, masked, tags = trained
    assert masked and tags[-1] < tags[0]
    assert joint.tagger.bert is joint.masked_lm.bert
    assert {"头", "患", "eczeem", "asthma", "##ontsteking"} <= set(tokenizer.get_vocab())


def test_what_is_exported_loads_plainly_and_joins_its_head(
    trained: tuple[JointTagger, BertTokenizerFast, list, list], tmp_path: Path
) -> None:
    joint, tokenizer, _, _ = trained
    export_tagger(joint, tokenizer, tmp_path / "medical-ner")
    plain = AutoModelForTokenClassification.from_pretrained(tmp_path / "medical-ner")
    assert tuple(plain.config.id2label[i] for i in range(len(TAGS))) == TAGS
    model = load_model(tmp_path / "medical-ner", dtype="float32")
    assert (model.decoder.name, model.pieces.label_positions) == ("bio-strict", "first_piece")
    assert all(0 <= s.start < s.end <= len(CHINESE.text) for s in predict(model, CHINESE).spans)
    before = {name: p.clone() for name, p in joint.masked_lm.bert.named_parameters()}
    fit_head(joint.masked_lm, tokenizer, {lang: texts * 8 for lang, texts in PASSAGES.items()})
    assert all(torch.equal(p, before[name]) for name, p in joint.masked_lm.bert.named_parameters())
    export_head(joint.masked_lm, tmp_path / "medical-mlm")
    joined = join_head(plain, load_file(tmp_path / "medical-mlm" / "model.safetensors"))
    held_out = [held_out_loss(m, tokenizer, PASSAGES["zh"])["loss"] for m in (joint.masked_lm, joined.float())]
    assert held_out[1] == pytest.approx(held_out[0], rel=0.01)
    with pytest.raises(ValueError, match=r"head does not fit the tagger: it lacks \['cls.predictions.bias"):
        join_head(plain, {})
