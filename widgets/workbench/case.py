"""One document as the model reads it: units, prediction, and what can be asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from explain_lib.attribution import Method, explain
from explain_lib.core import Attribution, Document, Prediction, Span, Target, Units
from explain_lib.models.protocols import Model, Tick
from explain_lib.perturbation import Query

from ..views import changed_entities, entity_spans, entity_views, score_change, whatif_line

Arm = Literal["context", "all units"]


@dataclass(frozen=True, eq=False)
class Case:
    """A document, its prediction, and per entity in `spans` the target or the reason why there is none.

    `probe` is a query with rows of its own: what-if questions are answered while an explanation runs on `query`.
    """

    query: Query
    probe: Query
    prediction: Prediction
    spans: tuple[Span, ...]
    targets: tuple[Target | None, ...]
    problems: tuple[str, ...]

    @property
    def units(self) -> Units:
        """The units of the document, as every result of it shows them."""
        return self.query.units

    def entities(self) -> list[dict[str, Any]]:
        """Entity views, with the problem of those that cannot be explained."""
        views = entity_views(self.units, self.spans, self.prediction)
        return [{**view, "problem": problem} for view, problem in zip(views, self.problems, strict=True)]


def read_case(model: Model, document: Document) -> Case:
    """Read a document with a model: one forward pass per window."""
    query, probe = Query(model, document), Query(model, document)
    prediction = probe.predict()[0]  # by the probe: the first what-if question then finds the whole text answered
    spans = tuple(entity_spans(document, prediction))
    tried = [_target(query, span) for span in spans]
    return Case(query, probe, prediction, spans, tuple(t for t, _ in tried), tuple(p for _, p in tried))


def explain_entity(case: Case, entity: int, method: Method, arm: Arm, tick: Tick | None = None) -> Attribution:
    """Explain one entity in one arm; rows of the all-units arm are shared by all entities of the document."""
    target = case.targets[entity]
    if target is None:
        raise ValueError(case.problems[entity])
    query = case.query.with_targets([target])
    with case.query.watched(tick):
        return explain(query.context() if arm == "context" else query, method, rng=0)


@dataclass(frozen=True)
class WhatIf:
    """What hiding units does: the entities as they are now, and one line about it."""

    entities: list[dict[str, Any]]
    line: str


def what_if(case: Case, hidden: Sequence[int], entity: int = -1) -> WhatIf:
    """Predict with some units hidden, and score the target of `entity` (−1: none) before and after."""
    if not hidden:
        return WhatIf(case.entities(), whatif_line(case.units, hidden, case.prediction, case.prediction))
    keep = np.ones((2, len(case.units)), dtype=bool)
    keep[1, list(hidden)] = False
    after = case.probe.predict(keep[1:])[0]
    views = changed_entities(case.units, case.entities(), case.spans, case.prediction, after)
    line = whatif_line(case.units, hidden, case.prediction, after, _change(case, keep, entity))
    return WhatIf(views, line)


def _change(case: Case, keep: np.ndarray[Any, np.dtype[np.bool_]], entity: int) -> str:
    target = case.targets[entity] if 0 <= entity < len(case.targets) else None
    if target is None or target.span is None:
        return ""
    before, after = case.probe.with_targets([target]).value(keep)[:, 0].tolist()
    return score_change(f"{target.label} “{target.span.text_of(case.units.document.text)}”", "log-odds", before, after)


def _target(query: Query, span: Span) -> tuple[Target | None, str]:
    """The target of a span, or why the model cannot have one (a foreign label, ends inside a piece)."""
    try:
        target = Target(span)
        query.with_targets([target])
    except ValueError as error:
        return None, str(error)
    return target, ""
