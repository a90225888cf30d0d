"""A linear tagger: contributions of pieces, and so all margins, are known in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from ..protocols import Floats
from ..token_classification import Tagger
from .embedded import Embedded, tagger_of
from .words import SPECIAL, word_tokenizer

LINEAR_TAGS = ("O", "I-Disease")
LINEAR_WORDS = (
    *"患者头痛三天无发热腹泻明显既往有哮喘病史予治疗后好转。，",
    "de", "patient", "heeft", "ernstige", "hoofdpijn", "na", "koorts", "geen", "astma", "kreeg", "wegens", "hartfalen",
    "the", "has", "severe", "headache", "after", "fever", "no", "asthma", "received", "for", "since", "days", ".", ",",
)  # fmt: skip


class LinearNetwork(Embedded):
    """Logits that add up what the pieces at −2 … +2 contribute: `weight` [5, tags, width]."""

    def __init__(self, table: Tensor, weight: Tensor, bias: Tensor, tags: Sequence[str]) -> None:
        super().__init__(table, tags)
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def logits(self, x: Tensor) -> Tensor:
        """[n, length, tags] from embeddings [n, length, width]."""
        length = x.shape[1]
        padded = nn.functional.pad(x, (0, 0, 2, 2))
        shifted = torch.stack([padded[:, o : o + length] for o in range(5)], dim=2)
        return torch.einsum("nlod,otd->nlt", shifted, self.weight) + self.bias


@dataclass(frozen=True, eq=False)
class LinearToy:
    """A linear tagger and its truth; with two tags the margin of a boundary is linear in the pieces."""

    tagger: Tagger
    network: LinearNetwork
    tokenizer: PreTrainedTokenizerFast

    def contributions(self, text: str, position: int) -> Floats:
        """float64[pieces, tags]: what each piece of `text` adds to the logits at a position."""
        ids = self.tagger.encode(text).ids
        table = self.network.embedding.weight.detach().double()
        weight = self.network.weight.detach().double()
        result = torch.zeros(len(ids), weight.shape[1], dtype=torch.float64)
        for piece in range(max(0, position - 2), min(len(ids), position + 3)):
            result[piece] = weight[piece - position + 2] @ table[int(ids[piece])]
        return np.asarray(result.numpy())

    def left_margin(self, text: str, position: int) -> Floats:
        """float64[pieces]: exact attributions of the left margin of a span that begins at this position."""
        added = self.contributions(text, position)
        return np.asarray(added[:, 1] - added[:, 0])


def linear_tagger(rng: int | np.random.Generator = 0, *, dtype: torch.dtype = torch.float64) -> LinearToy:
    """A random linear tagger over pieces −2 … +2 (tags O and I-Disease); the mask piece contributes exactly 0."""
    generator = np.random.default_rng(rng)
    tokenizer = word_tokenizer(LINEAR_WORDS)
    table = torch.as_tensor(generator.normal(size=(len(tokenizer), 6)), dtype=dtype)
    table[[tokenizer.convert_tokens_to_ids(s) for s in SPECIAL if s != "[UNK]"]] = 0
    weight = torch.as_tensor(generator.normal(size=(5, len(LINEAR_TAGS), 6)), dtype=dtype)
    bias = torch.as_tensor(generator.normal(size=len(LINEAR_TAGS)), dtype=dtype)
    network = LinearNetwork(table, weight, bias, LINEAR_TAGS)
    return LinearToy(tagger_of("toy linear tagger", network, tokenizer, LINEAR_TAGS), network, tokenizer)
