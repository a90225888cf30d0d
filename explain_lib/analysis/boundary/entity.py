"""One entity of a query, and its two ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from explain_lib.core import Prediction, Span, Target
from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]
Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")


@dataclass(frozen=True, eq=False)
class Entity:
    """One entity: `query` asks about its plain span alone; `others` are the other entities of the text.

    Others are those that the model finds and those that were asked about together with it.
    """

    query: Query
    others: tuple[Span, ...] = ()

    @property
    def target(self) -> Target:
        """The target of the plain span."""
        return self.query.targets[0]

    @property
    def span(self) -> Span:
        """The span, with the label that was asked for."""
        span = self.target.span
        assert span is not None
        return Span(span.start, span.end, self.target.label or "", span.fragments)

    @cached_property
    def inside(self) -> Bools:
        """bool[units]: the units of the entity itself."""
        return np.asarray(self.query.units.inside(self.span))

    @cached_property
    def distance(self) -> npt.NDArray[np.int64]:
        """int[units]: 0 inside, else how many units a unit stands from the nearer end; negative to the left."""
        own, at = np.flatnonzero(self.inside), np.arange(len(self.inside))
        return np.asarray(np.minimum(at - own[0], 0) + np.maximum(at - own[-1], 0))

    def owner(self, unit: int) -> Span | None:
        """The other entity that holds a unit, if one does; this one with other ends is no other entity."""
        start, end = self.query.units.bounds[unit]
        here = (span for span in self.others if span.overlaps(Span(int(start), int(end))))
        return next((span for span in here if span.label != self.span.label or not span.overlaps(self.span)), None)


@dataclass(frozen=True, eq=False)
class Edge:
    """One end of an entity; `margin` asks for its margin, or is None and `because` says why there is none."""

    entity: Entity
    side: Side
    margin: Query | None
    because: str = ""

    @classmethod
    def of(cls, entity: Entity, side: Side) -> Edge:
        """The end on that side; where it cannot be elsewhere for this model, it has no margin."""
        target = Target(entity.target.span, entity.target.label, margin=side)
        try:  # the span itself was accepted before, so what is refused here is the margin
            return cls(entity, side, entity.query.with_targets([target]))
        except ValueError as error:
            return cls(entity, side, None, str(error))

    @property
    def about(self) -> dict[str, str]:
        """What measures of this end are about."""
        query = self.entity.query
        return {"target": self.entity.target.name, "arm": query.arm, "side": self.side}

    @property
    def end(self) -> int:
        """The unit of the entity at this end."""
        return int(np.flatnonzero(self.entity.inside)[0 if self.side == "left" else -1])

    @property
    def other_end(self) -> int:
        """The unit of the entity at the other end."""
        return int(np.flatnonzero(self.entity.inside)[-1 if self.side == "left" else 0])

    @property
    def neighbour(self) -> int | None:
        """The first unit outside this end; None where the text begins or ends here."""
        unit = self.end + self.outwards
        return unit if 0 <= unit < len(self.entity.inside) else None

    @property
    def outwards(self) -> int:
        """The step from a unit to the next one away from the entity on this side."""
        return -1 if self.side == "left" else 1


def entities(query: Query, found: Prediction) -> tuple[Entity, ...]:
    """The entities that a query asks about, each once, whatever contrast or margin was asked of it.

    Raises ValueError for a query without targets and for a target that is the document as a whole.
    """
    if not query.targets:
        raise ValueError(
            "the query has no targets, so there is no boundary to look at; give it at least one: "
            "query.with_targets([Target(span)])."
        )
    whole = next((target for target in query.targets if target.span is None), None)
    if whole is not None:
        raise ValueError(
            f"target {whole.name!r} is about the text as a whole, which has no boundary. Ask about entities: "
            "Target(Span(start, end, label))."
        )
    plain = dict.fromkeys(Target(target.span, target.label) for target in query.targets)
    named = {target: target.span for target in plain if target.span is not None}
    known = dict.fromkeys([*named.values(), *found.spans])
    return tuple(
        Entity(query.with_targets([target]), tuple(span for span in known if not _is_same(span, own)))
        for target, own in named.items()
    )


def _is_same(one: Span, other: Span) -> bool:
    return one.parts == other.parts
