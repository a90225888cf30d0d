"""The smallest set of context units whose hiding moves an end of an entity, by asking the decoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from explain_lib.core import Measure, not_available

from .effects import Effects
from .entity import SIDES, Entity
from .fate import Fate
from .search import OUTCOMES, Search, Units

WIDEST = 64
"""Pairs are made of so many units with the largest effects."""


@dataclass(frozen=True, eq=False)
class SmallestEdits:
    """For each outcome the smallest set of hidden context units that was found to bring it about, and its fate.

    `tried` holds what every set that was hidden made of the entity, and `because` says why none was.
    """

    entity: Entity
    tried: Mapping[Units, Fate] = field(default_factory=dict)
    n_candidates: int = 0
    because: str = ""

    @property
    def n_sets(self) -> int:
        """Rows beyond those that hide one unit."""
        return sum(len(units) > 1 for units in self.tried)

    @property
    def found(self) -> dict[str, tuple[Units, Fate]]:
        """The smallest set for each outcome that was met; the first one tried of that size."""
        search = Search(self.entity, dict(self.tried))
        return {outcome: hit for outcome in OUTCOMES if (hit := search.smallest(outcome)) is not None}

    def is_exact(self, size: int) -> bool:
        """Whether all sets of fewer units than `size` were tried."""
        there = [1, self.n_candidates, self.n_candidates * (self.n_candidates - 1) // 2]
        return size <= 3 and all(sum(len(one) == k for one in self.tried) == there[k] for k in range(1, size))

    def measures(self) -> Iterator[Measure]:
        """The size of the smallest set for each end, and for losing the entity."""
        found = self.found
        for outcome in OUTCOMES:
            name = "smallest edit" if outcome in SIDES else "smallest edit that loses it"
            about = {"target": self.entity.target.name} | ({"side": outcome} if outcome in SIDES else {})
            scale = "hidden context units; n: rows tried"
            if outcome in found:
                size = len(found[outcome][0])
                note = "no smaller set does it" if self.is_exact(size) else "a smaller set may do it"
                yield Measure(name, size, None, len(self.tried), scale, None, about, note)
            else:
                why = self.because or f"none found within {len(self.tried)} rows"
                yield not_available(name, why, scale, about, len(self.tried))

    def in_words(self) -> list[dict[str, object]]:
        """The smallest sets as plain values: outcome, unit numbers and texts, what the decoder says then."""
        texts = self.entity.query.units.texts
        return [
            {"outcome": outcome, "units": list(units), "texts": [texts[unit] for unit in units], "then": str(fate),
             "now": None if fate.now is None else [fate.now.start, fate.now.end, fate.now.label],
             "is_exact": self.is_exact(len(units))}
            for outcome, (units, fate) in self.found.items()
        ]  # fmt: skip


def smallest_edits(
    entity: Entity, clean: Fate, effects: Sequence[Effects | None], max_rows: int
) -> SmallestEdits:
    """Try every context unit alone, then pairs and larger sets of those with the largest effects on either margin.

    Units alone cost no row after `Effects`; `max_rows` bounds all other rows. Larger sets grow by doubling and are then
    thinned out, so that none of their units can be left out. `clean` is the entity's fate on the text as it stands.
    """
    query = entity.query
    if not clean.is_kept:
        return SmallestEdits(entity, because=f"the model does not return this entity on the text itself ({clean})")
    candidates = np.flatnonzero(query.active & ~entity.inside).tolist()
    if not candidates:
        return SmallestEdits(entity, because="the query may hide no unit of the context")
    search = Search(entity, {}, max_rows + len(candidates))
    search.ask([(unit,) for unit in candidates])
    orders = {one.edge.side: _by_loss(candidates, one) for one in effects if one is not None}
    waiting = {side: order for side, order in orders.items() if search.smallest(side) is None}
    for order in waiting.values():
        search.ask(_pairs(order), search.left // (2 * len(waiting)))
    for side, order in waiting.items():
        if search.smallest(side) is None:
            search.grow(side, [unit for unit, _ in order])
    return SmallestEdits(entity, search.tried, len(candidates))


def _by_loss(candidates: Iterable[int], effects: Effects) -> list[tuple[int, float]]:
    """Units and what hiding each costs a margin, the most first."""
    losses = np.nan_to_num(effects.losses)
    return sorted(((unit, float(losses[unit])) for unit in candidates), key=lambda pair: -pair[1])


def _pairs(order: Sequence[tuple[int, float]]) -> list[Units]:
    """Pairs of the units with the largest losses, the largest sums first."""
    pairs = sorted(combinations(order[:WIDEST], 2), key=lambda pair: -(pair[0][1] + pair[1][1]))
    return [(one[0], other[0]) for one, other in pairs]
