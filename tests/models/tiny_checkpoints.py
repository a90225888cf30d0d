"""Tiny checkpoints of every supported architecture, made on the spot: random weights, real tokenizers."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

import torch
import transformers as hf
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

TAGS = ("O", "B-Disease", "I-Disease", "B-Drug", "I-Drug")
TEXTS = (
    "Patiënt kreeg furosemide wegens hartfalen.",
    "The patient received  furosemide for severe heart failure (NYHA III).",
    "患者头痛三天，既往有2型糖尿病史，予二甲双胍治疗。",
    "Na 3 dagen verergerde het eczeem; corticosteroïden hielpen niet.",
    "naïve 😀 β-blocker 5mg/day",
)
SIZE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
LABELS = {"id2label": dict(enumerate(TAGS)), "label2id": {tag: i for i, tag in enumerate(TAGS)}}
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
ARCHITECTURES = ("bert", "distilbert", "roberta", "xlm_roberta", "deberta_v2")


def wordpiece() -> hf.PreTrainedTokenizerFast:
    backend = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=160, special_tokens=SPECIALS, show_progress=False)
    backend.train_from_iterator(TEXTS * 4, trainer)
    return _bert_like(backend)


def unigram(specials: list[str] = SPECIALS) -> Tokenizer:
    backend = Tokenizer(models.Unigram())
    backend.normalizer = normalizers.NFKC()
    backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.decoder = decoders.Metaspace()
    unk = "[UNK]" if "[UNK]" in specials else "<unk>"
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=specials, unk_token=unk, show_progress=False)
    backend.train_from_iterator(TEXTS * 4, trainer)
    return backend


def byte_bpe() -> hf.PreTrainedTokenizerFast:
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=ROBERTA_SPECIALS, initial_alphabet=alphabet, show_progress=False
    )
    backend.train_from_iterator(TEXTS * 4, trainer)
    return _roberta_like(backend)


def _bert_like(backend: Tokenizer) -> hf.PreTrainedTokenizerFast:
    pairs = [(s, backend.token_to_id(s)) for s in ("[CLS]", "[SEP]")]
    backend.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=pairs)
    names = {f"{s.strip('[]').lower()}_token": s for s in SPECIALS}
    return hf.PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=64, **names)


def _roberta_like(backend: Tokenizer) -> hf.PreTrainedTokenizerFast:
    pairs = [(s, backend.token_to_id(s)) for s in ("<s>", "</s>")]
    backend.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=pairs)
    return hf.PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>",
        pad_token="<pad>", unk_token="<unk>", mask_token="<mask>",
    )  # fmt: skip


@cache  # training breaks ties at random, and two checkpoints of one test must share their pieces
def trained_tokenizer(architecture: str) -> hf.PreTrainedTokenizerFast:
    """The tokenizer of an architecture, trained on TEXTS once in a process."""
    return {
        "bert": wordpiece, "distilbert": wordpiece, "roberta": byte_bpe,
        "xlm_roberta": lambda: _roberta_like(unigram(ROBERTA_SPECIALS)), "deberta_v2": lambda: _bert_like(unigram()),
    }[architecture]()  # fmt: skip


def build(
    architecture: str, seed: int = 0, task: type = hf.AutoModelForTokenClassification, **changes: object
) -> tuple[torch.nn.Module, hf.PreTrainedTokenizerFast]:
    """A module (in evaluation mode, weights large enough to be decided) and its tokenizer."""
    tokenizer = copy.deepcopy(trained_tokenizer(architecture))
    given = {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id, **LABELS, **changes}
    config = {
        "bert": lambda: hf.BertConfig(max_position_embeddings=64, **SIZE, **given),
        "distilbert": lambda: hf.DistilBertConfig(
            max_position_embeddings=64, dim=32, n_layers=2, n_heads=4, hidden_dim=48, **given
        ),
        "roberta": lambda: hf.RobertaConfig(max_position_embeddings=66, type_vocab_size=1, **SIZE, **given),
        "xlm_roberta": lambda: hf.XLMRobertaConfig(max_position_embeddings=66, type_vocab_size=1, **SIZE, **given),
        "deberta_v2": lambda: hf.DebertaV2Config(
            max_position_embeddings=64, relative_attention=True, position_buckets=16, pos_att_type=["p2c", "c2p"],
            norm_rel_ebd="layer_norm", share_att_key=True, position_biased_input=False, type_vocab_size=0,
            **SIZE, **given,
        ),
    }[architecture]()  # fmt: skip
    torch.manual_seed(seed)
    module = task.from_config(config).eval()
    with torch.no_grad():
        for weight in module.parameters():
            if weight.ndim > 1:
                weight.mul_(4.0)
    return module, tokenizer


CLASSES = ("Cardiology", "Dermatology", "Neurology")


def build_classifier(
    architecture: str = "bert", labels: tuple[str, ...] = CLASSES, **changes: object
) -> tuple[torch.nn.Module, hf.PreTrainedTokenizerFast]:
    """A sequence-classification module and its tokenizer."""
    names = {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
    return build(architecture, task=hf.AutoModelForSequenceClassification, **names, **changes)


def save(folder: Path, architecture: str = "bert", **settings: object) -> tuple[torch.nn.Module, object]:
    """Save a tiny checkpoint as `save_pretrained` does, and return what was saved."""
    module, tokenizer = build(architecture)
    module.save_pretrained(folder, **settings)
    tokenizer.save_pretrained(folder)
    return module, tokenizer


def plain_logits(module: torch.nn.Module, tokenizer: object, text: str) -> tuple[torch.Tensor, list[int | None]]:
    """What the plain library call gives: logits [pieces with specials, tags] and the word of each piece."""
    batch = tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        logits = module(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[0]
    return logits, batch.word_ids(0)
