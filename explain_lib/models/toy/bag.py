"""A linear bag-of-pieces classifier: Shapley values of every class are the contributions of the pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from ..class_decoder import ClassDecoder
from ..network import Network
from ..pieces import Pieces
from ..protocols import Floats
from ..reading import class_logits
from ..runner import Runner
from ..sequence_classification import Classifier
from ..windows import WindowPlan
from .embedded import Embedded
from .linear import LINEAR_WORDS
from .words import SPECIAL, word_tokenizer

BAG_LABELS = ("Cardiology", "Neurology", "Pneumology")


class BagNetwork(Embedded):
    """Logits that add up what the pieces of the text contribute, wherever they stand: `weight` [labels, width]."""

    def __init__(self, table: Tensor, weight: Tensor, bias: Tensor) -> None:
        super().__init__(table, BAG_LABELS)
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def logits(self, x: Tensor) -> Tensor:
        """[n, labels] from embeddings [n, length, width]."""
        return x.sum(dim=1) @ self.weight.T + self.bias


@dataclass(frozen=True, eq=False)
class BagToy:
    """A classifier and its truth.

    A logit is linear in the pieces. So are the log-odds of a label of the multi-label classifier, and the contrast of
    two labels of the single-label one.
    """

    classifier: Classifier
    network: BagNetwork
    tokenizer: PreTrainedTokenizerFast

    def contributions(self, text: str) -> Floats:
        """float64[pieces, labels]: what each piece of `text` adds to the logits; the mask piece adds 0."""
        ids = torch.as_tensor(self.classifier.encode(text).ids)
        table, weight = self.network.embedding.weight.detach().double(), self.network.weight.detach().double()
        return np.asarray((table[ids] @ weight.T).numpy())


def bag_classifier(
    rng: int | np.random.Generator = 0,
    *,
    is_multi_label: bool = False,
    max_pieces: int = 510,
    dtype: torch.dtype = torch.float64,
) -> BagToy:
    """A random linear classifier of three classes; the mask piece and other special pieces contribute exactly 0."""
    generator = np.random.default_rng(rng)
    tokenizer = word_tokenizer(LINEAR_WORDS)
    table = torch.as_tensor(generator.normal(size=(len(tokenizer), 6)), dtype=dtype)
    table[[tokenizer.convert_tokens_to_ids(s) for s in SPECIAL if s != "[UNK]"]] = 0
    weight, bias = (torch.as_tensor(generator.normal(size=size), dtype=dtype) for size in ((3, 6), (3,)))
    network = BagNetwork(table, weight, bias)
    classifier = Classifier(
        name="toy bag classifier",
        network=Network.of(network, class_logits),
        pieces=Pieces.of(tokenizer),
        decoder=ClassDecoder(BAG_LABELS, is_multi_label),
        plan=WindowPlan(max_pieces),
        runner=Runner(),
    )
    return BagToy(classifier, network, tokenizer)
