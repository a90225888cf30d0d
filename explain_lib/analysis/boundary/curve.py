"""How the effect of hiding a unit falls with its distance from an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .effects import Effects
from .entity import SIDES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BEYOND = np.iinfo(np.int64).max
"""In place of a distance, for units past the other end."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Mean absolute effect on a margin against the distance of the hidden unit, over the entities of a text.

    `distances` int[distances]: 1, 2, … outside the end and 0, −1, … inside it (0 is the unit at the end); units beyond
    the other end are not in it. `effects` float64[sides, distances], NaN where `counts` int[sides, distances] is 0.
    """

    distances: Ints
    effects: Floats
    counts: Ints

    @classmethod
    def of(cls, effects: Sequence[Effects | None]) -> Curve:
        """The mean over all ends with a margin."""
        parts = [(SIDES.index(one.edge.side), *_points(one)) for one in effects if one is not None]
        seen = np.concatenate([np.zeros(0, dtype=np.int64), *(distance for _, distance, _ in parts)])
        axis = np.arange(seen.min(), seen.max() + 1) if len(seen) else seen
        sums, counts = np.zeros((2, len(axis))), np.zeros((2, len(axis)), dtype=np.int64)
        for side, distance, sizes in parts:
            np.add.at(sums[side], distance - seen.min(initial=BEYOND), sizes)
            np.add.at(counts[side], distance - seen.min(initial=BEYOND), 1)
        return cls(axis, np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), counts)


def distances(effects: Effects) -> Ints:
    """int[units]: the distance of every unit from an end, outwards; BEYOND for units past the other end."""
    edge = effects.edge
    outwards = (np.arange(len(effects.losses)) - edge.end) * edge.outwards
    is_beyond = edge.entity.distance * edge.outwards < 0
    return np.where(is_beyond, BEYOND, outwards)


def _points(effects: Effects) -> tuple[Ints, Floats]:
    """Distances and effects of the units that were hidden, those past the other end left out."""
    distance, sizes = distances(effects), effects.sizes
    there = (distance < BEYOND) & ~np.isnan(sizes)
    return distance[there], sizes[there]
