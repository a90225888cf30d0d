"""One document as two models read it, on units that both tokenizers leave whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explain_lib.attribution import Method, explain
from explain_lib.core import Attribution, Prediction, Span, Target
from explain_lib.core.records import read_span
from explain_lib.models.protocols import Model
from explain_lib.perturbation import Query, shared_units

from ..views.two_models import Readings
from .case import Case
from .explanation.growing import growing

SEEDS = 0, 1  # one for each model: errors of a difference add up only if the draws are independent


@dataclass(frozen=True, eq=False)
class Pair:
    """The case of a document, and a query to each model on shared units; the first one's rows are the case's own where
    its units are shared already."""

    case: Case
    first: Query
    second: Query

    @classmethod
    def of(cls, case: Case, other: Model) -> Pair:
        """Both queries; runs no model."""
        document, model = case.units.document, case.query.model
        units = shared_units([model, other], document)
        is_same = np.array_equal(units.bounds, case.units.bounds)
        first = case.query if is_same else Query(model, document, units=units)
        return cls(case, first, Query(other, document, units=units))

    def read(self) -> Readings:
        """The second model's entities, and how sure either is of what any of them found: one pass each."""
        predictions = (self.case.prediction, self.second.predict()[0])
        classes = dict.fromkeys(label for one in predictions for label in one.labels)
        asked: dict[Span | str, Target] = {label: Target(label=label) for label in classes}
        asked |= {span: Target(span) for span in (*predictions[0].spans, *predictions[1].spans)}
        found = {what: [_tried(query, target) for query in self.queries] for what, target in asked.items()}
        return Readings(
            self.case.units.document, self.names, predictions,
            scores={what: (first, second) for what, ((first, _), (second, _)) in found.items()},
            problems={what: said for what, ((_, one), (_, other)) in found.items() if (said := _said(one, other))},
        )  # fmt: skip

    def kept(self, readings: Readings) -> tuple[Prediction, list[Any]]:
        """What of readings must be kept to have them again: values that a store can write."""
        rows = [
            [what if isinstance(what, str) else asdict(what), *scores, readings.problems.get(what, "")]
            for what, scores in readings.scores.items()
        ]
        return readings.predictions[1], rows

    def readings(self, kept: tuple[Prediction, list[Any]]) -> Readings:
        """Readings again, from what was kept."""
        rows = [(what if isinstance(what, str) else read_span(what), *rest) for what, *rest in kept[1]]
        return Readings(
            self.case.units.document, self.names, (self.case.prediction, kept[0]),
            scores={what: (first, second) for what, first, second, _ in rows},
            problems={what: why for what, _, _, why in rows if why},
        )  # fmt: skip

    @property
    def queries(self) -> tuple[Query, Query]:
        """The first model's and the second's."""
        return self.first, self.second

    @property
    def names(self) -> tuple[str, str]:
        """How the models are called."""
        return self.first.model.name, self.second.model.name

    def problem(self, target: Target) -> str:
        """Which model cannot be asked about a target, and why; "" where both can."""
        return _said(*(_problem(query, target) for query in self.queries))

    def asked(self, target: Target, arm: str) -> tuple[Query, Query]:
        """The question to both models; ValueError, with the reason, where one of them cannot be asked."""
        if why := self.problem(target):
            raise ValueError(why)
        both = [query.with_targets([target]) for query in self.queries]
        is_context = arm == "context" and target.span is not None
        first, second = (query.context() if is_context else query for query in both)
        return first, second


def explain_both(asked: tuple[Query, Query], method: Method) -> Iterator[tuple[Attribution, Attribution]]:
    """The same question under both models, better and better, each with a seed of its own."""
    for step in growing(method, asked[0]):
        first, second = (explain(query, step, rng=seed) for query, seed in zip(asked, SEEDS, strict=True))
        yield first, second


def _tried(query: Query, target: Target) -> tuple[float | None, str]:
    """The log-odds on the text as it is, or why there are none."""
    if why := _problem(query, target):
        return None, why
    asked = query.with_targets([target])
    return float(asked.value(asked.full_row[None])[0, 0]), ""


def _problem(query: Query, target: Target) -> str:
    try:
        query.with_targets([target])
    except ValueError as error:
        return str(error)
    return ""


def _said(first: str, second: str) -> str:
    """Which model cannot have an entity, and why; "" where both can."""
    reasons = (("first", first), ("second", second))
    return " ".join(f"The {name} model cannot have this, because {why}" for name, why in reasons if why)
