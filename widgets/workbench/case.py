"""One document as the model reads it: units, prediction, and what can be asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explain_lib.attribution import Method
from explain_lib.attribution.black_box import BlackBox
from explain_lib.attribution.gradient.recipe import GradientMethod
from explain_lib.core import Document, Prediction, Span, Target, Units
from explain_lib.models.protocols import Model
from explain_lib.perturbation import Query

from ..views import class_names, class_views, entity_spans, entity_views


@dataclass(frozen=True, eq=False)
class Case:
    """A document, its prediction, and per row (entities in `spans`, then `classes`) the target or why there is none.

    `fates` says what corrections made of spans (`fates.with_fates`).
    `probe` is a query with rows of its own: what-if questions are answered while an explanation runs on `query`.
    """

    query: Query
    probe: Query
    prediction: Prediction
    spans: tuple[Span, ...]
    classes: tuple[str, ...]
    targets: tuple[Target | None, ...]
    problems: tuple[str, ...]
    fates: Mapping[Span, str] = field(default_factory=dict)

    @property
    def units(self) -> Units:
        """The units of the document, as every result of it shows them."""
        return self.query.units

    def surest(self) -> int:
        """The surest predicted entity or class that can be explained, else any that can, else −1."""
        found = dict(zip(self.prediction.spans, self.prediction.confidence.tolist(), strict=True))
        sure = [*(found.get(s, -1.0) for s in self.spans), *(self.prediction.labels[name] for name in self.classes)]
        able = [i for i, target in enumerate(self.targets) if target is not None]
        return max(able, key=lambda i: sure[i], default=-1)

    def entities(self) -> list[dict[str, Any]]:
        """Entity views, with problems and fates, then the classes of the document."""
        views = [
            *entity_views(self.units, self.spans, self.prediction), *class_views(self.classes, self.prediction),
        ]  # fmt: skip
        fates = [*(self.fates.get(span, "") for span in self.spans), *("" for _ in self.classes)]
        rows = zip(views, self.problems, fates, strict=True)
        return [{**view, "problem": problem, "corrected": fate} for view, problem, fate in rows]


def read_case(model: Model, document: Document) -> Case:
    """Read a document with a model: one forward pass per window."""
    query, probe = Query(model, document), Query(model, document)
    prediction = probe.predict()[0]  # by the probe: the first what-if question then finds the whole text answered
    spans = tuple(entity_spans(document, prediction))
    classes = tuple(class_names([], prediction))
    tried = [*(target_of(query, span) for span in spans), *((Target(label=name), "") for name in classes)]
    return Case(query, probe, prediction, spans, classes, tuple(t for t, _ in tried), tuple(p for _, p in tried))


def cost_line(query: Query, method: Method) -> str:
    """What a method of the library will ask for, in words; timing it would keep the page waiting."""
    name = type(method).__name__
    if not isinstance(method, BlackBox | GradientMethod):  # a method from elsewhere may take its time to rehearse
        return f"{name}: cost not known before it runs"
    try:
        return f"{name}: {query.cost(method, is_timed=False)} for {int(query.active.sum())} units"
    except Exception as error:  # whatever stops it: the run will raise the same and show it in full
        return f"{name}: cost not known before it runs ({type(error).__name__})"


def target_of(query: Query, span: Span) -> tuple[Target | None, str]:
    """The target of a span, or why the model cannot have one (a foreign label, ends inside a piece)."""
    try:
        target = Target(span)
        query.with_targets([target])
    except ValueError as error:
        return None, str(error)
    return target, ""
