"""Linear chains of tags: how much weight of all tag sequences arrives at, and goes on from, each tag of a position.

The border of a text is one more tag, the last: every chain comes from it and ends in it. Positions that a row has
removed are skipped, so the chain links the neighbours that remain. All in log space, float64 and differentiable.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .links import both_ways, through
from .log_space import LOWEST, log_sum
from .tag_patterns import TagPattern
from .transitions import Transitions


class Chain:
    """n rows of logits float64[n, positions, tags] (NaN where a row removed a position) under one set of transitions.

    `before[t]` [n, tags + 1]: log-weight of all beginnings that end at the last position up to t that is there, by its
    tag; `onward[t]`: of all endings that begin at the first position from t on. Both count their own position's logits;
    the borders are `before[-1]` and `onward[positions]`.
    """

    def __init__(self, logits: Tensor, transitions: Transitions) -> None:
        n_rows, n_positions, n_tags = logits.shape
        self.transitions = transitions
        self.present = ~torch.isnan(logits).any(dim=-1)
        filled = logits.masked_fill(~self.present[..., None], 0.0)
        # A constant of a position cancels in all odds, and small numbers keep more digits.
        level = filled - filled.detach().amax(-1, keepdim=True).clamp(min=LOWEST)
        self.emissions = torch.nn.functional.pad(level, (0, 1), value=-torch.inf).unbind(1)
        border = torch.cat([level.new_full((n_rows, n_tags), -torch.inf), level.new_zeros(n_rows, 1)], dim=1)
        self.before, self.onward = {-1: border}, {n_positions: border}
        self._scan(border, n_positions)

    def _scan(self, border: Tensor, n_positions: int) -> None:
        """Both ways at once, as a batch of two: from the left, and from the right with all links turned round."""
        mass, links = torch.stack([border, border]), both_ways(self.transitions)
        has_gaps = not bool(self.present.all())
        for left in range(n_positions):
            right = n_positions - 1 - left
            moved = links.spread(mass) + torch.stack([self.emissions[left], self.emissions[right]])
            mass = torch.where(self.present[:, [left, right]].T[..., None], moved, mass) if has_gaps else moved
            self.before[left], self.onward[right] = mass.unbind()

    def log_odds(self, pattern: TagPattern) -> Tensor:
        """float64[n]: log-odds that a sequence drawn from the chain passes all gates; for rows that have its positions.

        The weight of what is missed is added up gate by gate, so neither end of the odds loses digits.
        """
        mass, missed = self.before[pattern.first - 1], []
        for t, gate in enumerate(pattern.gates, pattern.first):
            passing, stopped = through(gate, self.transitions)
            missed.append(stopped.spread(mass) + self.onward[t])
            arriving = passing.spread(mass)
            hit = arriving + self.onward[t]
            mass = arriving + self.emissions[t] if t < len(self.emissions) else arriving
        return log_sum(hit, 1) - log_sum(torch.cat(missed, dim=1), 1)
