"""One document as the model reads it: units, prediction, and what can be asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from explain_lib.attribution import Method, explain
from explain_lib.attribution.black_box import BlackBox
from explain_lib.attribution.gradient.recipe import GradientMethod
from explain_lib.core import Attribution, Document, Prediction, Span, Target, Units
from explain_lib.models.protocols import Model, Tick
from explain_lib.perturbation import Query

from ..views import (
    changed_entities, class_names, class_views, entity_spans, entity_views, score_change, target_name,
    whatif_line,
)  # fmt: skip

Arm = Literal["context", "all units"]


@dataclass(frozen=True, eq=False)
class Case:
    """A document, its prediction, and per row (entities in `spans`, then `classes`) the target or why there is none.

    `probe` is a query with rows of its own: what-if questions are answered while an explanation runs on `query`.
    """

    query: Query
    probe: Query
    prediction: Prediction
    spans: tuple[Span, ...]
    classes: tuple[str, ...]
    targets: tuple[Target | None, ...]
    problems: tuple[str, ...]

    @property
    def units(self) -> Units:
        """The units of the document, as every result of it shows them."""
        return self.query.units

    def entities(self) -> list[dict[str, Any]]:
        """Entity views, with the problem of those that cannot be explained, then the classes of the document."""
        views = [
            *entity_views(self.units, self.spans, self.prediction), *class_views(self.classes, self.prediction),
        ]  # fmt: skip
        return [{**view, "problem": problem} for view, problem in zip(views, self.problems, strict=True)]


def read_case(model: Model, document: Document) -> Case:
    """Read a document with a model: one forward pass per window."""
    query, probe = Query(model, document), Query(model, document)
    prediction = probe.predict()[0]  # by the probe: the first what-if question then finds the whole text answered
    spans = tuple(entity_spans(document, prediction))
    classes = tuple(class_names([], prediction))
    tried = [*(_target(query, span) for span in spans), *((Target(label=name), "") for name in classes)]
    return Case(query, probe, prediction, spans, classes, tuple(t for t, _ in tried), tuple(p for _, p in tried))


def explain_entity(case: Case, entity: int, method: Method, arm: Arm, tick: Tick | None = None) -> Attribution:
    """Explain one entity in one arm; rows of the all-units arm are shared by all entities of the document."""
    with case.query.watched(tick):
        return explain(question(case, entity, arm), method, rng=0)


def question(case: Case, entity: int, arm: Arm) -> Query:
    """The query about one row; the document as a whole has no context, so both arms ask about all units."""
    target = case.targets[entity]
    if target is None:
        raise ValueError(case.problems[entity])
    query = case.query.with_targets([target])
    return query.context() if arm == "context" and target.span is not None else query


def cost_line(query: Query, method: Method) -> str:
    """What a method of the library will ask for, in words; timing it would keep the page waiting."""
    name = type(method).__name__
    if not isinstance(method, BlackBox | GradientMethod):  # a method from elsewhere may take its time to rehearse
        return f"{name}: cost not known before it runs"
    try:
        return f"{name}: {query.cost(method, is_timed=False)} for {int(query.active.sum())} units"
    except Exception as error:  # whatever stops it: the run will raise the same and show it in full
        return f"{name}: cost not known before it runs ({type(error).__name__})"


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
    entities = case.entities()[: len(case.spans)]
    views = changed_entities(case.units, entities, case.spans, case.prediction, after)
    views += class_views(case.classes, after)
    line = whatif_line(case.units, hidden, case.prediction, after, _change(case, keep, entity))
    return WhatIf(views, line)


def _change(case: Case, keep: np.ndarray[Any, np.dtype[np.bool_]], entity: int) -> str:
    target = case.targets[entity] if 0 <= entity < len(case.targets) else None
    if target is None:
        return ""
    before, after = case.probe.with_targets([target]).value(keep)[:, 0].tolist()
    return score_change(target_name(target, case.units.document.text), "log-odds", before, after)


def _target(query: Query, span: Span) -> tuple[Target | None, str]:
    """The target of a span, or why the model cannot have one (a foreign label, ends inside a piece)."""
    try:
        target = Target(span)
        query.with_targets([target])
    except ValueError as error:
        return None, str(error)
    return target, ""
