"""Toy taggers of x, y and k: what moves an end, and how many words it takes, is known."""

from __future__ import annotations

import torch
from torch import Tensor

from explain_lib.core import Document, Span, Target
from explain_lib.models.toy import word_tokenizer
from explain_lib.models.toy.embedded import Embedded, tagger_of
from explain_lib.perturbation import Query

WORDS = ("x", "y", "k", "o", "d")
TAGS = ("O", "I-Disease", "I-Drug")


class RuleNetwork(Embedded):
    """`y` is a Disease, and `x` before it belongs to it as long as a `k` stands anywhere; a `d` makes it a Drug."""

    def logits(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, words]."""
        first, last, key, _, drug = x.unbind(-1)
        inside = last + first * key.sum(1, keepdim=True).clamp(max=1) - 0.5
        kind = drug.sum(1, keepdim=True).clamp(max=1) * 4 - 2
        return torch.stack([torch.zeros_like(inside), 8 * inside - kind, 8 * inside + kind], dim=-1)


class UniformNetwork(Embedded):
    """Every piece adds the same to the logits of every position."""

    def logits(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, words]."""
        total = x.sum((1, 2))[:, None, None]
        return torch.cat([torch.zeros_like(total), total, -total], dim=-1).expand(-1, x.shape[1], -1)


def tagger(network=RuleNetwork, max_pieces=510):
    tokenizer = word_tokenizer(WORDS)
    table = torch.zeros(len(tokenizer), len(WORDS), dtype=torch.float64)
    table[tokenizer.convert_tokens_to_ids(list(WORDS)), range(len(WORDS))] = 1
    return tagger_of("rule", network(table, TAGS), tokenizer, TAGS, max_pieces)


def question(words, start, end, network=RuleNetwork, label="Disease", **settings):
    """A query on the words `start` to `end` of a text of single letters."""
    return Query(tagger(network), Document(words, id="rule"), [Target(Span(start, end, label))], **settings)
