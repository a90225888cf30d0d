"""A tiny random BERT tagger and a query on it, shared by the tests of bridges and relevance."""

from __future__ import annotations

from functools import cache

import torch
from tiny_checkpoints import TEXTS, build

from explain_lib.core import Document, Span, Target
from explain_lib.models import load_model
from explain_lib.perturbation import Query

NL, EN, ZH = TEXTS[:3]
DRUG, DISEASE = Target(Span(14, 24, "Drug")), Target(Span(32, 41, "Disease"))
TO_THE_END = Target(Span(32, 42, "Disease"))  # for tokenizers that cut words at blanks only


@cache
def tagger(architecture="bert", dtype="float32", seed=0):
    """Fresh checkpoints have no bias and no shift: here they have some."""
    module, tokenizer = build(architecture, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in module.parameters():
            if weight.ndim == 1:
                weight.add_(torch.randn(weight.shape, generator=generator) / 5)
    return load_model((module, tokenizer), dtype=dtype, device="cpu", label_positions="first_piece")


def dutch(targets=None, architecture="bert", dtype="float32", seed=0, **settings):
    """Six units (fewer where the tokenizer joins the full stop to its word), two targets."""
    last = TO_THE_END if architecture == "xlm_roberta" else DISEASE
    chosen = (DRUG, last) if targets is None else targets
    return Query(tagger(architecture, dtype, seed), Document(NL), targets=chosen, **settings)
