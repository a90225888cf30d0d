"""A search over sets of hidden units: what is known so far, and the next rows to ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from .entity import SIDES, Entity
from .fate import Fate

Units = tuple[int, ...]
OUTCOMES = (*SIDES, "gone")
"""What a hidden set may do: move the left or the right end of an entity that keeps its type, or lose it."""


@dataclass(eq=False)
class Search:
    """What every set tried so far made of an entity; at most `max_rows` sets are tried."""

    entity: Entity
    tried: dict[Units, Fate] = field(default_factory=dict)
    max_rows: int = 0

    @property
    def left(self) -> int:
        """How many rows may still be asked for."""
        return max(0, self.max_rows - len(self.tried))

    def ask(self, sets: Iterable[Units], at_most: int | None = None) -> None:
        """Let the decoder read the text without each set of units, as far as rows are left."""
        query, room = self.entity.query, self.left if at_most is None else min(at_most, self.left)
        distinct = dict.fromkeys(tuple(sorted(one)) for one in sets)
        fresh = list(islice((one for one in distinct if one not in self.tried), room))
        if not fresh:
            return
        keep = np.tile(query.full_row, (len(fresh), 1))
        for row, one in zip(keep, fresh, strict=True):
            row[list(one)] = False
        fates = (Fate.of(self.entity.span, found) for found in query.predict(keep))
        self.tried.update(zip(fresh, fates, strict=True))

    def smallest(self, outcome: str) -> tuple[Units, Fate] | None:
        """The smallest set with an outcome; the first one tried of that size."""
        hits = ((units, fate) for units, fate in self.tried.items() if _has(fate, outcome))
        return min(hits, key=lambda hit: len(hit[0]), default=None)

    def grow(self, outcome: str, order: Sequence[int]) -> None:
        """Hide the first 3, 6, 12, … units of an order until the outcome is met, then thin that set out."""
        size = min(3, len(order))
        while self.left and self.smallest(outcome) is None:
            self.ask([tuple(order[:size])])
            if size == len(order):
                break
            size = min(2 * size, len(order))
        if (hit := self.smallest(outcome)) is not None:
            self._thin(outcome, hit[0], order)

    def _thin(self, outcome: str, units: Units, order: Sequence[int]) -> None:
        """Leave out one unit after the other, the weakest first, where the outcome stays."""
        for unit in reversed(order):
            smaller = tuple(one for one in units if one != unit)
            if smaller and smaller != units:
                self.ask([smaller])
                units = smaller if smaller in self.tried and _has(self.tried[smaller], outcome) else units


def _has(fate: Fate, outcome: str) -> bool:
    match outcome:
        case "left":
            return fate.moved[0]
        case "right":
            return fate.moved[1]
        case _:
            return not fate.keeps_type
