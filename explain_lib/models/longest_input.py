"""How many pieces a module reads at once."""

from __future__ import annotations

from typing import Any

from torch import nn


def longest_input(module: nn.Module, tokenizer: Any, asked: int | None = None) -> int:
    """Pieces, special ones included, that the model reads at once: bounded by its position table and its tokenizer.

    Raises ValueError where more is `asked` than there are positions.
    """
    tables = [m for n, m in module.named_modules() if n.endswith("position_embeddings") and isinstance(m, nn.Embedding)]
    # RoBERTa counts positions from padding_idx + 1 on.
    rows = [t.num_embeddings - (0 if t.padding_idx is None else t.padding_idx + 1) for t in tables]
    if asked is not None:
        if rows and asked > min(rows):
            raise ValueError(f"max_length is {asked}, but the model has {min(rows)} positions; ask for at most that.")
        return asked
    trained = getattr(getattr(module, "config", None), "max_position_embeddings", None)
    own = getattr(tokenizer, "model_max_length", None)
    known = [n for n in (*rows, own, None if rows else trained) if isinstance(n, int) and 0 < n < 1_000_000]
    return min(known, default=512)
