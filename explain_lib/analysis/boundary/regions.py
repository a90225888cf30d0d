"""Regions around one end of an entity, and how much a single unit of each does to the margin of that end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, not_available
from explain_lib.core.interval import interval_of_mean

from .effects import Effects
from .entity import Edge

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
REGIONS = (
    "this end", "other end", "interior", "next to this end", "next to the other end", "near context", "far context",
)  # fmt: skip
NEAR = 5
"""Units up to so far from the nearer end are near context, beyond the two next to the ends."""
_SCALE = "margin, mean absolute change when one unit is hidden; interval: over units"
_EMPTY = {
    "other end": "the entity is one unit long: both its ends are the same unit",
    "interior": "the entity has no units between its two ends",
    "next to this end": "the text begins or ends here",
    "next to the other end": "the text begins or ends there",
    "near context": f"no unit stands 2 to {NEAR} units from the entity",
    "far context": f"no unit stands farther than {NEAR} units from the entity",
}


def regions(edge: Edge) -> Ints:
    """int[units]: the region of every unit, as an index of `REGIONS`."""
    distance, size = edge.entity.distance, np.abs(edge.entity.distance)
    found = np.where(size == 0, REGIONS.index("interior"), REGIONS.index("far context"))
    found[(size > 1) & (size <= NEAR)] = REGIONS.index("near context")
    found[distance == -edge.outwards] = REGIONS.index("next to the other end")
    found[distance == edge.outwards] = REGIONS.index("next to this end")
    found[edge.other_end] = REGIONS.index("other end")
    found[edge.end] = REGIONS.index("this end")
    return found


def region_measures(edge: Edge, effects: Effects | None) -> Iterator[Measure]:
    """The mean absolute effect of a unit of each region, and the mean signed one, with the number of units."""
    where = regions(edge)
    for index, region in enumerate(REGIONS):
        about = {**edge.about, "region": region}
        here = where == index
        if why := _missing(edge, effects, region, here):
            yield not_available("region effect", why, _SCALE, about)
            continue
        assert effects is not None
        losses = effects.losses[here & ~np.isnan(effects.losses)]
        yield _mean("region effect", np.abs(losses), _SCALE, about)
        yield _mean("region loss", losses, _SCALE.replace("absolute change", "loss"), about)


def _missing(edge: Edge, effects: Effects | None, region: str, here: npt.NDArray[np.bool_]) -> str:
    """Why a region has no effect, or nothing."""
    if effects is None:
        return edge.because
    if not here.any():
        return _EMPTY[region]
    return "" if (here & ~np.isnan(effects.losses)).any() else never_hidden(edge)


def never_hidden(edge: Edge) -> str:
    """Why units of an end's surroundings are in no row."""
    query = edge.entity.query
    if query.arm == "context":
        return "the context arm keeps the entity's own units"
    if not query.hiding.keeps_length:
        return f"{query.hiding!r} cannot remove units that the margin is read at"
    return "its units lie outside the window in which the margin is read"


def _mean(name: str, values: Floats, scale: str, about: dict[str, str]) -> Measure:
    """A mean over units with a t interval, from two units on."""
    return Measure(name, float(values.mean()), interval_of_mean(values), len(values), scale, None, about)
