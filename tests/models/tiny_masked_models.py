"""Tiny masked language models with the tokenizers of the tiny taggers, random weights."""

from __future__ import annotations

import copy

import torch
import transformers as hf
from tiny_checkpoints import SIZE, trained_tokenizer
from torch import nn

HEADS = {
    "bert": lambda size: hf.BertForMaskedLM(hf.BertConfig(max_position_embeddings=64, vocab_size=size, **SIZE)),
    "roberta": lambda size: hf.RobertaForMaskedLM(
        hf.RobertaConfig(max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, vocab_size=size, **SIZE)
    ),
    "distilbert": lambda size: hf.DistilBertForMaskedLM(
        hf.DistilBertConfig(max_position_embeddings=64, dim=32, n_layers=2, n_heads=4, hidden_dim=48, vocab_size=size)
    ),
}


def masked_lm(architecture: str = "bert", seed: int = 0) -> tuple[nn.Module, hf.PreTrainedTokenizerFast]:
    """A tiny masked language model whose guesses are decided, and the tokenizer of the tiny taggers."""
    tokenizer = copy.deepcopy(trained_tokenizer(architecture))
    torch.manual_seed(seed)
    module = HEADS[architecture](len(tokenizer)).eval()
    with torch.no_grad():
        for weight in module.parameters():
            if weight.ndim > 1:
                weight.mul_(4.0)
        module.get_output_embeddings().weight.mul_(4.0)
    return module, tokenizer
