"""Deletion and insertion curves along orders of units, and the areas over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .orders import Bools, Floats, Ints, first_hidden

Ask = Callable[[Bools], Floats]
"""float[n]: the target in each row of keep bool[n, units]."""


@dataclass(frozen=True, eq=False)
class Curves:
    """What becomes of the target along orders of all units.

    Shapes: `counts` int[points], from 0 to all units; `deletion` and `insertion` float[orders, points]: the target with
    the first so many units hidden, or with only these kept.
    """

    counts: Ints
    deletion: Floats
    insertion: Floats

    def comprehensiveness(self, counts: Ints) -> Floats:
        """float[orders, counts]: what the target loses when the first units are hidden."""
        return self.deletion[:, :1] - self.deletion[:, np.searchsorted(self.counts, counts)]

    def sufficiency(self, counts: Ints) -> Floats:
        """float[orders, counts]: what the target loses when only the first units are kept."""
        return self.deletion[:, :1] - self.insertion[:, np.searchsorted(self.counts, counts)]

    @property
    def area_over_deletion(self) -> Floats:
        """float[orders]: the mean of comprehensiveness over 1, 2, … all units; straight lines join the points."""
        return self.deletion[:, 0] - self._mean(self.deletion)

    @property
    def area_over_insertion(self) -> Floats:
        """float[orders]: the mean of sufficiency over 1, 2, … all units."""
        return self.deletion[:, 0] - self._mean(self.insertion)

    def _mean(self, values: Floats) -> Floats:
        every = np.arange(1, self.counts[-1] + 1)
        return np.array([np.interp(every, self.counts, row).mean() for row in values])

    @property
    def mean(self) -> Curves:
        """The mean curves, as those of a single order."""
        return Curves(self.counts, self.deletion.mean(axis=0)[None], self.insertion.mean(axis=0)[None])


def curves(ask: Ask, orders: Ints, counts: Ints) -> Curves:
    """Hide, and keep, the units of each order one after the other; all rows are asked for in one go."""
    hidden, kept = first_hidden(orders, counts), ~first_hidden(orders, counts)
    shape = hidden.shape[:2]
    values = ask(np.concatenate([hidden, kept]).reshape(-1, orders.shape[1]))
    deletion, insertion = values.reshape(2, *shape)
    return Curves(counts, deletion, insertion)
