"""Reads of softmax tags in log space: the few terms that span scores are made of.

Everything is computed in float64 as log-odds of tag sets: the log-probability of an almost certain tag is read as
−log(1 + exp(−d)), never as a difference of two nearly equal numbers.
"""

from __future__ import annotations

import torch
from torch import Tensor


class TagRows:
    """Logits of n rows with the few reads that scores are made of; removed positions are skipped over."""

    def __init__(self, logits: Tensor) -> None:
        self.logits, self.n_tags = logits, int(logits.shape[-1])
        self.present = ~torch.isnan(logits).any(dim=-1)
        self.all_present = bool(self.present.all())

    @property
    def n_positions(self) -> int:
        return int(self.logits.shape[1])

    def zeros(self) -> Tensor:
        return self.logits.new_zeros(len(self.logits))

    def log_p(self, position: int, tags: list[int]) -> Tensor:
        """log P(tag at the position is one of `tags`)."""
        return _log_share(self.logits[:, position], tags, self.n_tags)

    def log_not_p(self, position: int, tags: list[int]) -> Tensor:
        """log P(tag at the position is none of `tags`)."""
        return _log_share(self.logits[:, position], _others(tags, self.n_tags), self.n_tags)

    def all_in(self, first: int, last: int, tags: list[int]) -> Tensor:
        """log P(every position first..last has one of `tags`); 0 for an empty range; removed positions count as met."""
        total = self.zeros()
        for position in range(first, last + 1):
            term = self.log_p(position, tags)
            total = total + (term if self.all_present else torch.where(self.present[:, position], term, 0.0))
        return total

    def next_not_in(self, position: int, tags: list[int]) -> Tensor:
        """log P(the next present position has none of `tags`); 0 at the end of the text."""
        logits, exists = self._neighbour(position, +1)
        return torch.where(exists, _log_share(logits, _others(tags, self.n_tags), self.n_tags), 0.0)

    def previous(self, position: int, tags: list[int]) -> tuple[Tensor, Tensor]:
        """log P(none of `tags`) and log P(one of them) at the present position before; (0, −inf) at the start."""
        logits, exists = self._neighbour(position, -1)
        free = torch.where(exists, _log_share(logits, _others(tags, self.n_tags), self.n_tags), 0.0)
        bound = torch.where(exists, _log_share(logits, tags, self.n_tags), -torch.inf)
        return free, bound

    def logit_margin(self, position: int, tags: list[int]) -> Tensor:
        """Logit of the one tag minus the best other logit at the position."""
        return _margin(self.logits[:, position], tags, self.n_tags)

    def next_logit_margin(self, position: int, tags: list[int]) -> Tensor:
        """Best logit outside `tags` minus that of `tags` at the next present position; 0 where nothing follows."""
        logits, exists = self._neighbour(position, +1)
        return torch.where(exists, -_margin(logits, tags, self.n_tags), 0.0)

    def _neighbour(self, position: int, step: int) -> tuple[Tensor, Tensor]:
        """Logits [n, tags] of the nearest present position on one side (zeros where there is none) and if it exists."""
        side = range(position + 1, self.n_positions) if step > 0 else range(position - 1, -1, -1)
        if not len(side):
            return self.logits.new_zeros(len(self.logits), self.n_tags), torch.zeros_like(self.present[:, 0])
        if self.all_present:
            return self.logits[:, side[0]], torch.ones_like(self.present[:, 0])
        columns = torch.tensor(list(side), device=self.logits.device)
        present = self.present[:, columns]
        nearest = columns[present.to(torch.int8).argmax(dim=1)]
        exists = present.any(dim=1)
        logits = self.logits[torch.arange(len(self.logits), device=self.logits.device), nearest]
        return torch.where(exists[:, None], logits, 0.0), exists


def _log_share(logits: Tensor, tags: list[int], n_tags: int) -> Tensor:
    """log of the softmax mass of `tags`, float64[n], from logits [n, tags]."""
    others = _others(tags, n_tags)
    if not tags:
        return torch.full_like(logits[:, 0], -torch.inf)
    if not others:
        return torch.zeros_like(logits[:, 0])
    odds_against = torch.logsumexp(logits[:, others], -1) - torch.logsumexp(logits[:, tags], -1)
    return -torch.logaddexp(torch.zeros_like(odds_against), odds_against)


def _margin(logits: Tensor, tags: list[int], n_tags: int) -> Tensor:
    if not tags:
        return torch.full_like(logits[:, 0], -torch.inf)
    return logits[:, tags].amax(-1) - logits[:, _others(tags, n_tags)].amax(-1)


def _others(tags: list[int], n_tags: int) -> list[int]:
    return [i for i in range(n_tags) if i not in tags]
