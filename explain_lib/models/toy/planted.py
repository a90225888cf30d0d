"""A tagger that follows one planted rule by construction: which pieces play a part is known exactly.

Three sentences a language, for tests of the arithmetic. Whole corpora with a rule of the same kind, and a trained
tagger that follows it, are `corpora/planted` and `planted_model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from ..protocols import Ints
from ..token_classification import Tagger
from .embedded import Embedded, tagger_of
from .words import split_words, word_tokenizer

PLANTED_TAGS = ("O", "B-Disease", "I-Disease", "B-Reaction", "I-Reaction")


@dataclass(frozen=True)
class PlantedWords:
    """The words of one language that the planted tagger knows; `texts` use them, spans in (start, end, label)."""

    head: str
    modifier: str
    trigger: str
    texts: tuple[str, ...]


PLANTED: dict[str, PlantedWords] = {
    "zh": PlantedWords(
        "病变", "重", "副",
        ("患者有重病变，无发热。", "用药后出现副反应：重病变，已停药。", "检查见病变。"),
    ),
    "nl": PlantedWords(
        "laesie", "ernstige", "bijwerking",
        ("De patient heeft een ernstige laesie .", "Als bijwerking van het middel ontstond een ernstige laesie .",
         "Geen koorts , wel een laesie ."),
    ),
    "en": PlantedWords(
        "lesion", "severe", "adverse",
        ("The patient has a severe lesion .", "An adverse event : severe lesion after the first dose .",
         "No fever but a lesion ."),
    ),
}  # fmt: skip


class PlantedNetwork(Embedded):
    """Tags by rule: a head is an entity, a modifier before it belongs to it, a trigger anywhere decides the type.

    The embedding has one axis per role: modifier, head, second piece of a head, trigger.
    """

    def __init__(self, table: Tensor, tags: Sequence[str], strength: float) -> None:
        super().__init__(table, tags)
        self.strength = strength

    def logits(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, roles]."""
        modifier, head, tail, trigger = x.unbind(-1)
        after, before = nn.functional.pad(head, (0, 1))[:, 1:], nn.functional.pad(modifier, (1, 0))[:, :-1]
        head_before = nn.functional.pad(head, (1, 0))[:, :-1]
        begins = modifier * after + head * (1 - before)
        inside = head * before + tail * head_before
        kind = self.strength / 4 * (2 * trigger.amax(dim=1, keepdim=True) - 1)
        begin, continues = self.strength * (begins - 0.5), self.strength * (inside - 0.5)
        tags = [torch.zeros_like(begin), begin - kind, continues - kind, begin + kind, continues + kind]
        return torch.stack(tags, dim=-1)


@dataclass(frozen=True, eq=False)
class PlantedToy:
    """A planted-rule tagger and its truth."""

    tagger: Tagger
    network: PlantedNetwork
    tokenizer: PreTrainedTokenizerFast

    def relevant(self, text: str) -> Ints:
        """Pieces (indices) that play a part; every other piece is a dummy whose exact attribution is 0."""
        table = self.network.embedding.weight.detach()
        return np.flatnonzero(table[torch.as_tensor(self.tagger.encode(text).ids)].abs().sum(-1).numpy())


def planted_tagger(*, strength: float = 8.0, max_pieces: int = 510, dtype: torch.dtype = torch.float64) -> PlantedToy:
    """A tagger that follows one planted rule in zh, nl and en; the mask piece contributes exactly 0."""
    texts = [text for words in PLANTED.values() for text in words.texts]
    tokenizer = word_tokenizer(split_words(texts))
    table = torch.zeros(len(tokenizer), 4, dtype=dtype)
    for words in PLANTED.values():
        head, *tail = split_words([words.head])
        for role, parts in enumerate(([words.modifier], [head], tail, [words.trigger])):
            table[tokenizer.convert_tokens_to_ids(list(parts)), role] = 1
    network = PlantedNetwork(table, PLANTED_TAGS, strength)
    tagger = tagger_of("toy planted tagger", network, tokenizer, PLANTED_TAGS, max_pieces)
    return PlantedToy(tagger, network, tokenizer)
