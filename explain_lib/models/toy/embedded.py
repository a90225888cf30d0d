"""What the networks of the toys share, and how they become taggers."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from explain_lib.core import TagScheme

from ..network import Network
from ..pieces import Pieces
from ..runner import Runner
from ..tagging import TagDecoder
from ..token_classification import Tagger
from ..windows import WindowPlan


class Embedded(nn.Module):
    """An embedding table and the call of a Hugging Face module around `logits`."""

    def __init__(self, table: Tensor, tags: Sequence[str]) -> None:
        super().__init__()
        self.embedding = nn.Embedding(table.shape[0], table.shape[1], _weight=table)
        self.config = SimpleNamespace(id2label=dict(enumerate(tags)), num_labels=len(tags))

    def get_input_embeddings(self) -> nn.Embedding:
        return self.embedding

    def forward(
        self, input_ids: Tensor | None = None, attention_mask: Tensor | None = None, inputs_embeds: Tensor | None = None
    ) -> SimpleNamespace:
        x: Tensor = self.embedding(input_ids) if inputs_embeds is None else inputs_embeds
        if attention_mask is not None:
            x = x * attention_mask[..., None].to(x.dtype)
        return SimpleNamespace(logits=self.logits(x))

    def logits(self, x: Tensor) -> Tensor:
        raise NotImplementedError


def tagger_of(
    name: str, network: nn.Module, tokenizer: PreTrainedTokenizerFast, tags: Sequence[str], max_pieces: int = 510
) -> Tagger:
    """A tagger of a toy network, in the precision of its weights."""
    return Tagger(
        name=name,
        network=Network.of(network),
        pieces=Pieces.of(tokenizer, "first_piece"),
        decoder=TagDecoder(TagScheme.from_tags(tuple(tags))),
        plan=WindowPlan(max_pieces),
        runner=Runner(),
    )
