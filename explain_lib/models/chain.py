"""Linear chains of tags: how much weight of all tag sequences arrives at, and goes on from, each tag of a position.

The border of a text is one more tag, the last: every chain comes from it and ends in it. Positions that a row has
removed are skipped, so the chain links the neighbours that remain. All in log space, float64 and differentiable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from .log_space import LOWEST, log_or_never, log_sum

TINY = 1e-290


class Links:
    """Log-weights of pairs of tags, from row to column, ready to be added up over the rows."""

    def __init__(self, weights: Tensor) -> None:
        self.weights = weights
        self.top = weights.amax(0).clamp(min=LOWEST)
        self.shares = (weights - self.top).exp()

    def spread(self, mass: Tensor) -> Tensor:
        """log Σ exp(mass[n, from] + weight[from, to]) over `from`: a matrix product, or exact where that is lost."""
        top = mass.detach().amax(1, keepdim=True).clamp(min=LOWEST)
        sums = (mass - top).exp() @ self.shares
        if bool((sums < TINY).any()) and self._is_lost(mass, sums):
            return log_sum(mass[:, :, None] + self.weights, 1)
        return log_or_never(sums) + top + self.top

    def _is_lost(self, mass: Tensor, sums: Tensor) -> bool:
        """Whether a sum that is no true 0 has left the range of float64."""
        ways = (mass > -torch.inf).to(mass.dtype) @ (self.weights > -torch.inf).to(mass.dtype)
        return bool(((sums < TINY) & (ways > 0)).any())


class Chain:
    """n rows of logits [n, positions, tags] (NaN where a row removed a position) under one matrix of weights.

    `before[t]` [n, tags + 1]: log-weight of all beginnings that end at the last position up to t that is there, by its
    tag; `onward[t]`: of all endings that begin at the first position from t on. Both count their own position's logits;
    the borders are `before[-1]` and `onward[n_positions]`.
    """

    def __init__(self, logits: Tensor, weights: Tensor) -> None:
        """`weights` [tags + 1, tags + 1] from row to column, the border last."""
        n_rows, self.n_positions, n_tags = logits.shape
        self.present = ~torch.isnan(logits).any(dim=-1)
        self.weights = weights
        self._all_present = bool(self.present.all())
        filled = logits if self._all_present else logits.masked_fill(~self.present[..., None], 0.0)
        # A constant of a position cancels in all odds, and small numbers keep more digits.
        level = filled - filled.detach().amax(-1, keepdim=True).clamp(min=LOWEST)
        self.emissions = torch.nn.functional.pad(level, (0, 1), value=-torch.inf).unbind(1)
        border = torch.cat([level.new_full((n_rows, n_tags), -torch.inf), level.new_zeros(n_rows, 1)], dim=1)
        positions = range(self.n_positions)
        self.before = {-1: border, **self._scanned(positions, border, Links(weights))}
        self.onward = {self.n_positions: border, **self._scanned(reversed(positions), border, Links(weights.T))}

    def _scanned(self, order: Iterable[int], mass: Tensor, links: Links) -> dict[int, Tensor]:
        found = {}
        for t in order:
            moved = links.spread(mass) + self.emissions[t]
            mass = found[t] = moved if self._all_present else torch.where(self.present[:, t, None], moved, mass)
        return found

    def log_odds(self, first: int, allowed: Sequence[Tensor]) -> Tensor:
        """float64[n]: log-odds that the pairs of tags that enter positions first, first + 1, … are all allowed.

        `allowed`: bool[tags + 1, tags + 1] for each of these positions, from row to column. The weight of what is
        missed is added up position by position, so neither end of the odds loses digits.
        """
        mass, missed = self.before[first - 1], []
        for t, pairs in enumerate(allowed, first):
            missed.append(self._forbidding(pairs).spread(mass) + self.onward[t])
            arriving = self._forbidding(~pairs).spread(mass)
            if t < first + len(allowed) - 1:
                mass = arriving + self.emissions[t]
        hit = log_sum(arriving + self.onward[t], 1)
        return hit - log_sum(torch.cat(missed, dim=1), 1)

    def _forbidding(self, pairs: Tensor) -> Links:
        return Links(self.weights.masked_fill(pairs, -torch.inf))
