"""Stage 1: a small vocabulary for three languages, then masked-LM training of the encoder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer, BertConfig, BertForMaskedLM, BertModel, PreTrainedTokenizerBase

from ..batching import batch_indices, pad
from ..loop import Report, fit
from ..masking import IGNORED, Masking
from . import recipe
from .vocabulary import choose_pieces, make_tokenizer, start_embeddings

RATE = 0.15
LONGEST = 128
Passages = Mapping[str, list[str]]
MaskedBatch = tuple[Tensor, Tensor, Tensor]


def pretrain(
    start: Path, passages: Passages, report: Report | None = None
) -> tuple[BertForMaskedLM, PreTrainedTokenizerBase]:
    """The masked language model and its tokenizer, grown from the BERT encoder and tokenizer in the folder `start`."""
    torch.manual_seed(recipe.START_SEED)
    model, tokenizer = with_small_vocabulary(start, passages)
    rows = {lang: stretches(tokenizer, texts) for lang, texts in passages.items()}
    chosen = mixed(rows, recipe.PRETRAIN_PASSES, np.random.default_rng(recipe.PRETRAIN_SEED))
    rng = np.random.default_rng(recipe.PRETRAIN_SEED)
    batches = list(masked_batches(chosen, masking_for(tokenizer), recipe.PRETRAIN_BATCH, rng))
    fit(model, batches, lambda batch: masked_lm_loss(model, batch), recipe.pretraining(len(batches)), report)
    return model, tokenizer


def with_small_vocabulary(start: Path, passages: Passages) -> tuple[BertForMaskedLM, PreTrainedTokenizerBase]:
    """The start encoder under a vocabulary cut to the passages, with a masked-LM head of random weights."""
    old, encoder = AutoTokenizer.from_pretrained(start), BertModel.from_pretrained(start, add_pooling_layer=False)
    tokenizer = make_tokenizer(choose_pieces(old, passages), recipe.MAX_LENGTH)
    vectors = start_embeddings(encoder, old, tokenizer, passages)
    encoder.resize_token_embeddings(len(tokenizer))
    encoder.embeddings.word_embeddings.weight.data.copy_(vectors)
    config = BertConfig.from_pretrained(start, vocab_size=len(tokenizer), attention_probs_dropout_prob=0.0)
    model = BertForMaskedLM(config)
    model.bert.load_state_dict(encoder.state_dict())
    model.tie_weights()
    return model, tokenizer


def masked_lm_loss(model: BertForMaskedLM, batch: MaskedBatch) -> Tensor:
    """Mean cross-entropy at the chosen pieces; the wide output layer runs on those rows only."""
    ids, attended, targets = batch
    hidden = model.bert(input_ids=ids, attention_mask=attended).last_hidden_state
    chosen = targets != IGNORED
    return functional.cross_entropy(model.cls(hidden[chosen]).float(), targets[chosen])


def stretches(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], longest: int = LONGEST) -> list[list[int]]:
    """Piece ids of each text with special pieces, long texts cut into stretches of at most `longest`."""
    room, found = longest - 2, []
    for ids in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]:
        for first in range(0, len(ids), room):
            found.append([tokenizer.cls_token_id, *ids[first : first + room], tokenizer.sep_token_id])
    return found


def mixed(
    rows: Mapping[str, list[list[int]]], passes: Mapping[str, float], rng: np.random.Generator
) -> list[list[int]]:
    """Rows of all languages, each language as often as `passes` says; a fraction draws without replacement."""
    chosen: list[list[int]] = []
    for lang, mine in rows.items():
        whole, part = divmod(passes[lang], 1)
        chosen += mine * int(whole)
        chosen += [mine[i] for i in rng.permutation(len(mine))[: int(part * len(mine))]]
    return chosen


def masked_batches(
    rows: Sequence[Sequence[int]], masking: Masking, max_pieces: int, rng: np.random.Generator
) -> Iterator[MaskedBatch]:
    """Corrupted ids, attention mask and targets, int64[rows, longest] each; one pass."""
    noise = torch.Generator().manual_seed(int(rng.integers(2**31)))
    for batch in batch_indices([len(row) for row in rows], max_pieces, rng):
        ids = pad([rows[i] for i in batch], 0)
        corrupted, targets = masking.corrupt(ids, RATE, noise)
        if (targets != IGNORED).any():
            yield corrupted, (ids != 0).long(), targets


def masking_for(tokenizer: PreTrainedTokenizerBase) -> Masking:
    """The corruption that fits a tokenizer."""
    return Masking(tokenizer.mask_token_id, len(tokenizer), tuple(tokenizer.all_special_ids))
