"""The sensitivity index: does a margin listen to the unit outside its end more than to the rest of the context?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, Span, Target, not_available
from explain_lib.core.interval import interval_of_mean

from .effects import Effects, single_losses, window_of
from .entity import Edge, Entity
from .regions import never_hidden

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
SCALE = "effect of the unit outside / mean effect of context units; 1: no preference"


@dataclass(frozen=True, eq=False)
class Index:
    """The index of one end, beside the same index where the model sees no entity.

    `value` is NaN where it cannot be measured and `because` says why; `controls` float64[places] are the indices of
    made-up entities of the same type and length at random places without an entity, read off the same rows.
    """

    effects: Effects
    value: float
    controls: Floats
    because: str = ""

    @classmethod
    def of(cls, effects: Effects, n_controls: int, rng: np.random.Generator) -> Index:
        """The index of one end, with up to `n_controls` controls."""
        edge = effects.edge
        because = _missing(effects)
        value = np.nan if because else index_of(effects.sizes, ~edge.entity.inside, edge.neighbour)
        return cls(effects, value, _controls(effects, n_controls, rng), because)

    def measures(self) -> Iterator[Measure]:
        """The index, the mean of its controls, and how many of these are at least as large."""
        about, n = self.effects.edge.about, int((~np.isnan(_context(self.effects))).sum())
        if self.because:
            yield not_available("index", self.because, SCALE, about)
        else:
            scale = f"{SCALE}; n: context units"
            yield Measure("index", self.value, self._rounding(n), n, scale, None, about, self._note())
        yield from self._control_measures(about)

    def _control_measures(self, about: dict[str, str]) -> Iterator[Measure]:
        n, names = len(self.controls), ("control index", "controls at or above")
        if not n:
            why = "no other place in the text has an index for an entity of this length and type"
            yield from (not_available(name, why, SCALE, about) for name in names)
            return
        mean, scale = float(self.controls.mean()), f"{SCALE}; interval and n: over random places"
        yield Measure(names[0], mean, interval_of_mean(self.controls), n, scale, None, about)
        if not self.because:
            share = (1 + int((self.controls >= self.value).sum())) / (1 + n)
            yield Measure(names[1], share, None, n, "share, 0 to 1, the end itself counted in", None, about)

    def _rounding(self, n: int) -> tuple[float, float] | None:
        """What reduced precision leaves open: every effect is a difference of two rounded margins."""
        if not self.effects.noise:
            return None
        mean = float(np.nanmean(_context(self.effects)))
        half = 1.96 * np.sqrt(2) * self.effects.noise / mean * np.sqrt(1 + self.value**2 / n)
        return self.value - half, self.value + half

    def _note(self) -> str:
        edge = self.effects.edge
        assert edge.neighbour is not None
        owner = edge.entity.owner(edge.neighbour)
        return f"the unit outside belongs to another entity, {owner.label} {owner.start}–{owner.end}" if owner else ""


def index_of(sizes: Floats, is_context: Bools, neighbour: int | None) -> float:
    """Effect of the neighbour over the mean effect of the context; NaN where there is no such unit or no effect."""
    context = sizes[is_context & ~np.isnan(sizes)]
    if neighbour is None or len(context) < 2 or not context.mean() > 0:
        return float("nan")
    return float(sizes[neighbour] / context.mean())


def _context(effects: Effects) -> Floats:
    """float64[context units]: effects outside the entity."""
    return effects.sizes[~effects.edge.entity.inside]


def _missing(effects: Effects) -> str:
    """Why an end has no index, or nothing."""
    edge, context = effects.edge, _context(effects)
    if edge.neighbour is None:
        return "the text begins or ends here: there is no unit outside"
    if np.isnan(effects.sizes[edge.neighbour]):
        return never_hidden(edge)
    if (~np.isnan(context)).sum() < 2:
        return "the unit outside is all the context there is"
    return "" if np.nanmax(context) > 0 else "no unit of the context has any effect on the margin"


def _controls(effects: Effects, n: int, rng: np.random.Generator) -> Floats:
    """float64[places]: the index at random places; those without one are left out."""
    edge, places = effects.edge, list(_places(effects.edge.entity))
    made_up = (_at(edge, places[i]) for i in rng.permutation(len(places)))
    ends = list(islice((end for end in made_up if end is not None and _fits(effects, end)), n))
    if not ends:
        return np.zeros(0)
    query = edge.entity.query.with_targets([end.margin.targets[0] for end in ends if end.margin is not None])
    _, losses = single_losses(query, ~np.isnan(effects.losses))
    found = [index_of(np.abs(row), ~end.entity.inside, end.neighbour) for row, end in zip(losses, ends, strict=True)]
    return np.asarray([value for value in found if not np.isnan(value)])


def _places(entity: Entity) -> Iterator[Span]:
    """Stretches of as many label positions as the entity has, that no known entity touches."""
    starts, ends = entity.query.encoding.extents.T
    first, end = entity.query.model.reach(entity.target, entity.query.encoding)
    for at in range(len(starts) - (end - first) + 1):
        place = Span(int(starts[at]), int(ends[at + end - first - 1]), entity.span.label)
        if not any(place.overlaps(span) for span in (entity.span, *entity.others)):
            yield place


def _at(edge: Edge, place: Span) -> Edge | None:
    """The same end of a made-up entity; None where it has no margin."""
    try:
        entity = Entity(edge.entity.query.with_targets([Target(place)]))
    except ValueError:
        return None
    end = Edge.of(entity, edge.side)
    return None if end.margin is None else end


def _fits(effects: Effects, end: Edge) -> bool:
    """Whether the rows at hand hold an index of a made-up end: read in the same window, its neighbour hidden."""
    assert end.margin is not None and effects.edge.margin is not None
    is_known = end.neighbour is not None and not np.isnan(effects.losses[end.neighbour])
    return is_known and window_of(end.margin) == window_of(effects.edge.margin)


