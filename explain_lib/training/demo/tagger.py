"""Stage 2: one tagger learns from all sets at once, with the masked-LM head learning beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertConfig, BertForMaskedLM, BertForTokenClassification, PreTrainedTokenizerBase

from explain_lib.core import TagScheme
from explain_lib.models.pieces import Pieces

from ..batching import batch_indices, pad
from ..data import Example, examples
from ..loop import Report, fit
from ..loss import partial_label_loss, tables
from ..masking import IGNORED, Masking
from . import recipe
from .pretrain import masking_for
from .sets import TAGS, TaggedSet
from .swaps import Lexicon, swapped

SCHEME = TagScheme.from_tags(TAGS)


@dataclass(frozen=True, eq=False)
class TagBatch:
    """int64[rows, length] each: ids as fed, attention mask, tags, and the true id where a piece was masked (else −100);
    `sources` int64[rows]."""

    ids: Tensor
    attended: Tensor
    tags: Tensor
    hidden_ids: Tensor
    sources: Tensor


class JointTagger(nn.Module):
    """A tagger and a masked-LM head on one encoder."""

    def __init__(self, masked_lm: BertForMaskedLM, allowed: Tensor) -> None:
        super().__init__()
        self.masked_lm = masked_lm
        self.tagger = BertForTokenClassification(tagger_config(masked_lm.config))
        self.tagger.bert = masked_lm.bert
        self.allowed = allowed

    def loss(self, batch: TagBatch) -> Tensor:
        """The tags' partial-label loss plus a share of the masked-LM loss at the masked pieces."""
        hidden = self.tagger.bert(input_ids=batch.ids, attention_mask=batch.attended).last_hidden_state
        logits = self.tagger.classifier(self.tagger.dropout(hidden)).flatten(0, 1)
        rows = batch.sources[:, None].expand_as(batch.tags).flatten()
        value = partial_label_loss(logits, batch.tags.flatten(), self.allowed[rows], SCHEME.outside, recipe.O_WEIGHT)
        masked = batch.hidden_ids != IGNORED
        if masked.any():
            guesses = self.masked_lm.cls(hidden[masked]).float()
            value = value + recipe.MASKED_LM_WEIGHT * functional.cross_entropy(guesses, batch.hidden_ids[masked])
        return value


def tagger_config(config: BertConfig) -> BertConfig:
    """The encoder's configuration with the label list and how its tags are read."""
    made = BertConfig.from_dict(config.to_dict())
    made.id2label = dict(enumerate(TAGS))
    made.label2id = {tag: i for i, tag in enumerate(TAGS)}
    made.explain_lib = {"decoder": "bio-strict", "label_positions": "first_piece"}
    return made


def train_tagger(
    masked_lm: BertForMaskedLM,
    tokenizer: PreTrainedTokenizerBase,
    sets: Sequence[TaggedSet],
    lexicon: Lexicon,
    report: Report | None = None,
) -> JointTagger:
    """A tagger on the encoder of `masked_lm`, which learns too."""
    torch.manual_seed(recipe.COURSES[0].seed)
    joint = JointTagger(masked_lm, tables(SCHEME, [one.entity_types for one in sets]))
    masking = masking_for(tokenizer)
    for course in recipe.COURSES:
        torch.manual_seed(course.seed)
        rng = np.random.default_rng(course.seed)
        rows = epochs(sets, lexicon, tokenizer, course)
        batches = [batch for epoch in rows for batch in tag_batches(epoch, masking, recipe.TAG_BATCH, rng)]
        fit(joint, batches, joint.loss, course.schedule(len(batches)), report)
    return joint


def epochs(
    sets: Sequence[TaggedSet], lexicon: Lexicon, tokenizer: PreTrainedTokenizerBase, course: recipe.Course
) -> Iterator[list[Example]]:
    """The examples of each epoch of a course: every set as often as it says, Dutch mentions swapped anew."""
    pieces, rng = Pieces.of(tokenizer), np.random.default_rng(course.seed)
    known = [[examples([d], pieces, SCHEME, i, recipe.LONGEST) for d in one.train] for i, one in enumerate(sets)]
    for _ in range(course.epochs):
        chosen: list[Example] = []
        for source, one in enumerate(sets):
            for at in _drawn(len(one.train), course.passes[one.name], rng):
                if one.lang == "nl":
                    retold = swapped(one.train[at], lexicon, recipe.SWAP_RATE, rng)
                    chosen += examples([retold], pieces, SCHEME, source, recipe.LONGEST)
                else:
                    chosen += known[source][at]
        yield chosen


def tag_batches(
    rows: Sequence[Example], masking: Masking, max_pieces: int, rng: np.random.Generator
) -> Iterator[TagBatch]:
    """One pass; in a quarter of the rows 5–40 % of the pieces give way to [MASK], labels kept."""
    noise = torch.Generator().manual_seed(int(rng.integers(2**31)))
    for batch in batch_indices([len(row.ids) for row in rows], max_pieces, rng):
        ids = pad([rows[i].ids for i in batch], 0)
        low, high = recipe.MASK_RATES
        rates = low + (high - low) * torch.rand((len(batch), 1), generator=noise)
        rates = torch.where(torch.rand((len(batch), 1), generator=noise) < recipe.MASKED_SHARE, rates, 0.0)
        masked = masking.chosen(ids, rates, noise)
        yield TagBatch(
            ids=ids.masked_fill(masked, masking.mask_id),
            attended=(ids != 0).long(),
            tags=pad([rows[i].tags for i in batch], IGNORED),
            hidden_ids=torch.where(masked, ids, torch.tensor(IGNORED)),
            sources=torch.tensor([rows[i].source for i in batch]),
        )


def _drawn(n: int, passes: float, rng: np.random.Generator) -> list[int]:
    whole, part = divmod(passes, 1)
    return [*range(n)] * int(whole) + [int(i) for i in rng.permutation(n)[: round(part * n)]]
