"""Masked-language-model corruption: which pieces to hide, what to put there, and what the model must say."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

IGNORED = -100


@dataclass(frozen=True)
class Masking:
    """The usual corruption (Devlin et al. 2019): of the chosen pieces 80 % [MASK], 10 % a random piece, 10 % kept."""

    mask_id: int
    n_pieces: int
    special_ids: tuple[int, ...]

    def chosen(self, ids: Tensor, rate: float | Tensor, rng: torch.Generator) -> Tensor:
        """bool, shape of `ids`: pieces drawn with probability `rate` (broadcast), special pieces never."""
        special = torch.isin(ids, torch.tensor(self.special_ids))
        return (torch.rand(ids.shape, generator=rng) < rate) & ~special

    def corrupt(self, ids: Tensor, rate: float, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Corrupted ids and the targets (the true id at a chosen piece, −100 elsewhere), both shaped like `ids`."""
        chosen = self.chosen(ids, rate, rng)
        fate = torch.rand(ids.shape, generator=rng)
        noise = torch.randint(self.n_pieces, ids.shape, generator=rng)
        corrupted = torch.where(chosen & (fate < 0.8), torch.tensor(self.mask_id), ids)
        corrupted = torch.where(chosen & (fate >= 0.9), noise, corrupted)
        return corrupted, torch.where(chosen, ids, torch.tensor(IGNORED))
