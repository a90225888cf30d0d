"""Figures of entities that a table shows beside them: how firm their ends are, and what is known of their stability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from explain_lib.analysis.errors import Outcome
from explain_lib.analysis.stability import StabilityReport
from explain_lib.core import Span, Target
from explain_lib.corpora.corrections import text_digest
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from .desk import Desk

MARGIN, STABILITY = "boundary margin", "stability"
Entity = tuple[int, Span]
"""The number of a document, and a span of it."""


def entity_of(one: Outcome) -> Entity:
    """What a figure of an outcome is about: the predicted span, or the gold one where nothing was predicted."""
    span = one.predicted or one.gold
    assert span is not None  # an outcome has one of both
    return one.text, span


def margins(desk: Desk, entities: Sequence[Entity], tick: Tick) -> Iterator[tuple[Entity, float]]:
    """The smaller of both boundary margins of each entity, NaN where the model has none: a pass for every text.

    Below 0 the model would set that end elsewhere.
    """
    texts: dict[int, list[Span]] = {}
    for at, span in entities:
        texts.setdefault(at, []).append(span)
    for done, (at, spans) in enumerate(texts.items()):
        tick(done, len(texts))
        query = Query(desk.model, desk.documents[at])
        for span in spans:
            sides = [_margin(query, Target(span, margin=side)) for side in ("left", "right")]
            yield (at, span), float(np.min(sides))
    tick(len(texts), len(texts))


def _margin(query: Query, target: Target) -> float:
    try:
        asked = query.with_targets([target])
    except ValueError:  # the model cannot have this span, or this end cannot move
        return np.nan
    return float(asked.value(asked.full_row[None])[0, 0])


def known_stability(desk: Desk, entity: Entity) -> float:
    """The stability of an entity in the desk's arm under the desk's method; NaN where nobody asked for it yet."""
    at, span = entity
    key = (desk.model_key, text_digest(desk.documents[at]), Target(span).name, desk.arm, repr(desk.method))
    report = desk.found("Stability", key)
    if not isinstance(report, StabilityReport):
        return np.nan
    found = [m.value for m in report.measures if m.name == "stability" and m.about.get("family") == "all families"
             and m.about.get("arm", desk.arm) == desk.arm]  # fmt: skip
    return float(found[0]) if found else np.nan
