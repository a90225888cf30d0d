"""Figures of entities that a table shows beside them: how firm their ends are, and what is known of their stability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from explain_lib.analysis.errors import Outcome
from explain_lib.analysis.stability import StabilityReport, stability
from explain_lib.attribution import Method
from explain_lib.core import Span, Target
from explain_lib.corpora.corrections import text_digest
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ..desk import Desk

MARGIN, STABILITY = "boundary margin", "stability"
STABILITY_KIND = "Stability"  # as the view of the selection keeps it
Entity = tuple[int, Span]
"""The number of a document, and a span of it."""


def entity_of(one: Outcome) -> Entity:
    """What a figure of an outcome is about: the predicted span, or the gold one where nothing was predicted."""
    span = one.predicted or one.gold
    assert span is not None  # an outcome has one of both
    return one.text, span


def margins(desk: Desk, entities: Sequence[Entity], tick: Tick) -> Iterator[tuple[Entity, float]]:
    """The smaller of both boundary margins of each entity, NaN where the model has none: a pass for every text.

    Below 0 the model would set that end elsewhere. An end that cannot move, at the end of a text for instance, has no
    margin: the other one stands alone.
    """
    texts: dict[int, list[Span]] = {}
    for at, span in entities:
        texts.setdefault(at, []).append(span)
    for done, (at, spans) in enumerate(texts.items()):
        tick(done, len(texts))
        query = Query(desk.model, desk.documents[at])
        for span in spans:
            left, right = (_margin(query, Target(span, margin=side)) for side in ("left", "right"))
            yield (at, span), float(np.fmin(left, right))
    tick(len(texts), len(texts))


def _margin(query: Query, target: Target) -> float:
    try:
        asked = query.with_targets([target])
    except ValueError:  # the model cannot have this span, or this end cannot move
        return np.nan
    return float(asked.value(asked.full_row[None])[0, 0])


def stabilities(desk: Desk, entities: Sequence[Entity], method: Method, tick: Tick) -> Iterator[tuple[Entity, float]]:
    """The stability of each entity under a method in the desk's arm, NaN where the model cannot have it; kept as the
    report that the view of the selection shows."""
    for done, entity in enumerate(entities):
        tick(done, len(entities))
        at, span = entity
        try:
            query = Query(desk.model, desk.documents[at], targets=[Target(span)])
            asked = query.context() if desk.arm == "context" else query
            with asked.watched(lambda _, __, done=done: tick(done, len(entities))):  # type: ignore[misc]
                desk.put(STABILITY_KIND, stability(asked, method), _key(desk, entity))
        except ValueError:  # the model cannot have this span, or nothing can be hidden around it
            yield entity, np.nan
        else:
            yield entity, known_stability(desk, entity)
    tick(len(entities), len(entities))


def known_stability(desk: Desk, entity: Entity) -> float:
    """The stability of an entity in the desk's arm under the desk's method; NaN where nobody asked for it yet."""
    report = desk.found(STABILITY_KIND, _key(desk, entity))
    if not isinstance(report, StabilityReport):
        return np.nan
    found = [m.value for m in report.measures if m.name == "stability" and m.about.get("family") == "all families"
             and m.about.get("arm", desk.arm) == desk.arm]  # fmt: skip
    return float(found[0]) if found else np.nan


def _key(desk: Desk, entity: Entity) -> tuple[str, ...]:
    """As the desk's own, with the entity selected."""
    at, span = entity
    return (desk.model_key, text_digest(desk.documents[at]), Target(span).name, desk.arm, repr(desk.method))
