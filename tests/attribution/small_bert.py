"""A BERT of two layers over whole words, the same in every process, with a bend or two between hidden and real text."""

from __future__ import annotations

from collections.abc import Callable

import torch
from transformers import BertConfig, BertForTokenClassification

from explain_lib.core import Document, Span, Target
from explain_lib.models import Tagger, load_model
from explain_lib.models.toy import word_tokenizer
from explain_lib.perturbation import Query

TEXT = "no fever but severe headache 头痛 ."
HEADACHE, ZH = Target(Span(13, 28, "Disease")), Target(Span(29, 31, "Disease"))


def small_bert(seed: int = 0, roughness: float = 0.6) -> Tagger:
    """In float64; `roughness` is the standard deviation of the weights."""
    torch.manual_seed(seed)
    tokenizer = word_tokenizer(["no", "fever", "but", "severe", "headache", "头", "痛", "."])
    tags = dict(enumerate(("O", "B-Disease", "I-Disease", "B-Drug", "I-Drug")))
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        initializer_range=roughness, max_position_embeddings=32, id2label=tags,
    )  # fmt: skip
    return load_model((BertForTokenClassification(config).eval(), tokenizer), dtype="float64", device="cpu")


def query(tagger: Tagger, targets: tuple[Target, ...] = (HEADACHE, ZH), **settings: object) -> Query:
    """A question about both entities."""
    return Query(tagger, Document(TEXT), targets=targets, **settings)


def score_of_embeddings(asked: Query, index: int = 0) -> Callable[[torch.Tensor], torch.Tensor]:
    """The score of one target as a torch function of input embeddings, for captum."""
    tagger, encoding, (window,) = asked.model, asked.encoding, asked.evaluations.windows
    event = tagger.event(asked.targets[index], encoding, window)
    labels_at = torch.as_tensor(tagger.row(encoding, window).labels_at[0])

    def score(embeddings: torch.Tensor) -> torch.Tensor:
        logits = tagger.network.module(inputs_embeds=embeddings).logits[:, labels_at]
        return tagger.decoder.scores(logits.double(), [event], asked.score)[:, 0]

    return score
