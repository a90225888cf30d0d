"""One document under two models: what became of each entity, and which words score otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.special import expit

from explain_lib.analysis import ErrorClass, entity_errors
from explain_lib.core import Attribution, Document, Prediction, Span, Units

from .entities import entity_views, reading_order
from .heat import heat_view, largest, quantity, target_name
from .report_parts import View, report_parts, table
from .text import visible

TOP = 20
Scores = tuple[float | None, float | None]
CHANGES = {
    ErrorClass.CORRECT: "the same", ErrorClass.WRONG_TYPE: "another type", ErrorClass.SPLIT: "split",
    ErrorClass.SWALLOWED: "joined", ErrorClass.WRONG_TYPE_AND_BOUNDARY: "another type, other ends",
    ErrorClass.TOO_SHORT: "shorter", ErrorClass.TOO_LONG: "longer", ErrorClass.SHIFTED: "moved",
    ErrorClass.MISSED: "lost", ErrorClass.SPURIOUS: "gained",
}  # fmt: skip
"""What the second model makes of an entity of the first, by the class it would have if the first were right."""
_HOW_TO_READ = (
    "Entities are matched as gold and predicted ones are in entity_errors. Probability and log-odds are those of "
    "exactly the entity that is named first in its row, under either model."
)
_ERRORS_OF_BOTH = (
    "Each score is what a word adds under its model; the error of a difference is the root of the sum of squares, "
    "since both were drawn with seeds of their own."
)


@dataclass(frozen=True, eq=False)
class Readings:
    """A document as two models read it; `names` are those of the models.

    `scores` holds the log-odds of exactly that span (or class) under both, None where a model cannot have it, and
    `problems` says why it cannot.
    """

    document: Document
    names: tuple[str, str]
    predictions: tuple[Prediction, Prediction]
    scores: Mapping[Span | str, Scores] = field(default_factory=dict)
    problems: Mapping[Span | str, str] = field(default_factory=dict)


def readings_view(readings: Readings) -> View:
    """A table of entities, or of classes: what changed, and how sure either model is."""
    before, after = readings.predictions
    is_classified = bool(before.labels or after.labels)
    body = _classes(readings) if is_classified else _entities(readings)
    reasons = [f"{_name(what, readings)}: {why}" for what, why in readings.problems.items()]
    notes = [_summary(readings), "" if is_classified else _HOW_TO_READ, *reasons]
    return report_parts("One text, two models", notes, [body])


def entity_changes(readings: Readings) -> list[tuple[str, Span | None, Span | None]]:
    """(what changed, span of the first model, span of the second) for every entity of either, in text order."""
    before, after = readings.predictions
    asked = replace(readings.document, spans=before.spans)
    return [(CHANGES[one.error], one.gold, one.predicted) for one in entity_errors([asked], [after]).outcomes]


def entities_of_both(
    units: Units, spans: Sequence[Span], before: Prediction, after: Prediction
) -> list[dict[str, Any]]:
    """Views of `spans` in their order, state "lost" or "new" where the models differ; then what only the second found.

    Confidences are those of the second model.
    """
    unseen = gained(spans, after)
    drawn = sorted({*spans, *unseen}, key=reading_order)
    views = dict(zip(drawn, entity_views(units, drawn, after), strict=True))
    return [{**views[span], "state": _state(span in before.spans, span in after.spans)} for span in (*spans, *unseen)]


def gained(spans: Sequence[Span], after: Prediction) -> list[Span]:
    """Entities that only the second model found, in reading order."""
    return sorted({*after.spans} - {*spans}, key=reading_order)


def _state(was_predicted: bool, is_predicted: bool) -> str:
    return "" if was_predicted == is_predicted else "new" if is_predicted else "lost"


def units_view(before: Attribution, after: Attribution, difference: Attribution, names: Sequence[str]) -> View:
    """The units whose scores differ most: both scores, the difference and its 95 % interval."""
    scores, (low, high) = difference.scores[:, 0], difference.interval()[:, :, 0]
    order = np.argsort(-np.nan_to_num(np.abs(scores)), kind="stable")
    chosen = [int(i) for i in order if difference.active[i, 0] and scores[i]][:TOP]
    rows = [
        [visible(difference.units.texts[i]), i, before.scores[i, 0], after.scores[i, 0], scores[i],
         _range(low[i], high[i]), _verdict(low[i], high[i])]
        for i in chosen
    ]  # fmt: skip
    columns = ["word", "unit", _first(names), _second(names), "difference", "95 % interval", "apart from 0"]
    target = target_name(difference.targets[0], difference.units.document.text)
    asked = f"{before.method!r}, {before.provenance.arm}, {quantity(before)}"
    ends = " → ".join(f"{_number(one.base_value[0])} … {_number(one.full_value[0])}" for one in (before, after))
    notes = [
        f"{target}: {asked}. From all of these words hidden to the text as it is: {ends}.",
        f"{_ERRORS_OF_BOTH} {_n_apart(low, high, difference)}",
    ]
    return report_parts("Words that score otherwise", notes, [table("Largest differences", columns, rows)])


def two_layers(before: Attribution, after: Attribution, difference: Attribution, row: int) -> list[dict[str, Any]]:
    """Layers of a text widget for the entity in `row`: first, second, and second − first, on one colour scale."""
    vmax = max(largest(one.scores[:, 0]) for one in (before, after, difference))
    parts = {"first model": heat_view(before, 0, vmax), "second model": heat_view(after, 0, vmax)}
    parts["second − first"] = {**heat_view(difference, 0, vmax), "quantity": f"{quantity(before)}, second − first"}
    return [{"name": name, "heats": {str(row): heat}} for name, heat in parts.items()]


def _entities(readings: Readings) -> View:
    rows = []
    for change, one, other in entity_changes(readings):
        asked = one or other
        scores = readings.scores.get(asked, (None, None)) if asked else (None, None)
        rows.append([
            change, _named(one, readings), _named(other, readings), *map(_probability, scores), *scores,
            _is_gold(one, other, readings.document),
        ])  # fmt: skip
    return table("Entities", ["second model", *_columns(readings.names), "gold"], rows)


def _classes(readings: Readings) -> View:
    before, after = (one.labels for one in readings.predictions)
    labels = sorted({*before, *after}, key=lambda label: -max(before.get(label, 0.0), after.get(label, 0.0)))
    rows = []
    for label in labels:
        sure = [before.get(label), after.get(label)]
        known = [p for p in sure if p is not None]
        moved = known[1] - known[0] if len(known) == 2 else None
        rows.append([label, *sure, moved, *readings.scores.get(label, (None, None))])
    first, second = readings.names
    columns = ["class", f"p, {_first([first])}", f"p, {_second([second])}", "difference", "log-odds, first",
               "log-odds, second"]  # fmt: skip
    return table("Classes", columns, rows)


def _columns(names: tuple[str, str]) -> list[str]:
    first, second = names
    return [_first([first]), _second([second]), "p, first", "p, second", "log-odds, first", "log-odds, second"]


def _first(names: Sequence[str]) -> str:
    return f"first: {names[0]}"


def _second(names: Sequence[str]) -> str:
    return f"second: {names[-1]}"


def _summary(readings: Readings) -> str:
    before, after = readings.predictions
    if before.labels and after.labels:
        tops = [max(one.labels, key=lambda label: one.labels[label]) for one in (before, after)]
        return f"Likeliest class: {tops[0]}, then {tops[1]}." if tops[0] != tops[1] else f"Both say {tops[0]}."
    changes = [change for change, _, _ in entity_changes(readings)]
    counts = ", ".join(f"{changes.count(name)} {name}" for name in dict.fromkeys(CHANGES.values()) if name in changes)
    return f"Entities: {len(before.spans)} of the first model, {len(after.spans)} of the second; {counts or 'none'}."


def _named(span: Span | None, readings: Readings) -> str:
    return "" if span is None else f"{span.label} “{span.text_of(readings.document.text)}”"


def _name(what: Span | str, readings: Readings) -> str:
    return what if isinstance(what, str) else _named(what, readings)


def _is_gold(one: Span | None, other: Span | None, document: Document) -> str:
    """Which of the two is gold; nothing to say where the document has none."""
    if not document.spans:
        return ""
    gold = [name for name, span in (("first", one), ("second", other)) if span in document.spans]
    return {0: "neither", 1: "".join(gold), 2: "both"}[len(gold)]


def _probability(log_odds: float | None) -> float | None:
    return None if log_odds is None else float(expit(log_odds))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _range(low: float, high: float) -> str:
    return "" if np.isnan(low) else f"{_number(low)} to {_number(high)}"


def _verdict(low: float, high: float) -> str:
    return "not known" if np.isnan(low) else "yes" if low > 0 or high < 0 else "no"


def _n_apart(low: Any, high: Any, difference: Attribution) -> str:
    active = difference.active[:, 0]
    if np.isnan(low[active]).any():
        return "The errors are not known for this method."
    n, n_active = int(((low > 0) | (high < 0))[active].sum()), int(active.sum())
    told = f"{n} of {n_active} words have an interval without 0."
    by_chance = " Each interval is about one word alone: without any difference, up to 5 in 100 would lie apart from 0."
    return told + (by_chance if difference.std_error[active].any() else "")
