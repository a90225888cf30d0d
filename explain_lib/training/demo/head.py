"""Stage 3: the masked-LM head fitted to the finished encoder, which stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import BertForMaskedLM, PreTrainedTokenizerBase

from ..loop import Report, fit
from ..masking import IGNORED
from . import recipe
from .pretrain import MaskedBatch, Passages, masked_batches, masking_for, mixed, stretches


def fit_head(
    model: BertForMaskedLM, tokenizer: PreTrainedTokenizerBase, passages: Passages, report: Report | None = None
) -> None:
    """Train `model.cls` but not the piece embeddings, which belong to the encoder."""
    rng = np.random.default_rng(recipe.HEAD_SEED)
    rows = mixed({k: stretches(tokenizer, texts) for k, texts in passages.items()}, recipe.HEAD_PASSES, rng)
    batches = list(masked_batches(rows, masking_for(tokenizer), recipe.PRETRAIN_BATCH, rng))
    encoder = model.bert.eval().requires_grad_(False)

    def loss(batch: MaskedBatch) -> Tensor:
        ids, attended, targets = batch
        chosen = targets != IGNORED
        hidden = encoder(input_ids=ids, attention_mask=attended).last_hidden_state[chosen]
        return functional.cross_entropy(model.cls(hidden).float(), targets[chosen])

    fit(model.cls, batches, loss, recipe.head_fitting(len(batches)), report)
    encoder.requires_grad_(True)


@torch.no_grad()
def held_out_loss(
    model: BertForMaskedLM, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]
) -> dict[str, float | int]:
    """Mean loss in nats, and accuracy, at 15 % of the pieces, corrupted in the same way at every call."""
    total, right, count = 0.0, 0, 0
    rows = stretches(tokenizer, texts)
    for ids, attended, targets in masked_batches(rows, masking_for(tokenizer), 4096, np.random.default_rng(0)):
        chosen = targets != IGNORED
        hidden = model.bert(input_ids=ids, attention_mask=attended).last_hidden_state[chosen]
        logits = model.cls(hidden).float()
        total += float(functional.cross_entropy(logits, targets[chosen], reduction="sum"))
        right += int((logits.argmax(-1) == targets[chosen]).sum())
        count += int(chosen.sum())
    return {"loss": total / count, "accuracy": right / count, "pieces": count}
