"""Losses for sets that annotate only some of the types: a tag that a set cannot know costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import torch
from torch import Tensor

from explain_lib.core import TagScheme

from .masking import IGNORED


def allowed_tags(scheme: TagScheme, annotated: Collection[str]) -> Tensor:
    """bool[tags, tags]: row g holds the tags that may be true where a set of `annotated` types says g.

    Every tag stands for itself, but O also for all tags of types that the set does not annotate.
    """
    allowed = torch.eye(len(scheme.tags), dtype=torch.bool)
    foreign = [i for i, kind in enumerate(scheme.types) if kind and kind not in annotated]
    allowed[scheme.outside, foreign] = True
    return allowed


def partial_label_loss(logits: Tensor, gold: Tensor, allowed: Tensor, outside: int, o_weight: float = 0.0) -> Tensor:
    """Mean over the labelled positions of −log Σ p(tags allowed by the gold tag).

    Where O allows several tags, `o_weight` times −log p(O) is added: most words are no entity of any type, and without
    it the model is free to call them anything. Shapes: `logits` [n, tags]; `gold` int[n], −100 where nothing is
    labelled; `allowed` bool[n, tags, tags], the table of each row's set. 0 when nothing is labelled.
    """
    labelled = gold != IGNORED
    if not labelled.any():
        return logits.sum() * 0.0
    log_p, gold = logits[labelled].float().log_softmax(-1), gold[labelled]
    rows = allowed[labelled][torch.arange(len(gold)), gold]
    marginal = -log_p.masked_fill(~rows, -torch.inf).logsumexp(-1)
    is_open = rows.sum(-1) > 1
    return (marginal - o_weight * is_open * log_p[:, outside]).mean()


def tables(scheme: TagScheme, annotated: Sequence[Collection[str]]) -> Tensor:
    """bool[sets, tags, tags]: `allowed_tags` of each set."""
    return torch.stack([allowed_tags(scheme, types) for types in annotated])
