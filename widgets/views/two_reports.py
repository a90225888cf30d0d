"""Figures of one entity under two models, as far as they can be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explain_lib.core import Measure, Report

from .heat import target_name
from .report_parts import View, interval_text, report_parts, table

Pair = tuple[Report, Report]
COMPARABLE = {
    "NAOPC comprehensiveness", "NAOPC comprehensiveness, random order", "NAOPC sufficiency",
    "NAOPC sufficiency, random order", "explained share", "Kendall tau against leave-one-out", "stability",
    "worst_tenth", "noise_arm", "excess", "kept", "flips", "margin", "index", "control index", "log-probability",
    "entropy", "end moved", "type changed or lost",
}  # fmt: skip
"""Measures whose scale does not depend on the model; AOPC, for one, is left out."""
_WHOLE = {"all families", "all label-keeping"}
_HOW_TO_READ = (
    "Only figures that mean the same under both models stand here: areas and AOPC depend on how far a model's "
    "probability can fall at all, NAOPC does not. One entity is one case: a difference here is no finding about models."
)


def reports_view(pairs: Sequence[Pair], names: tuple[str, str], arm: str) -> View:
    """A table for each kind of report, first and second model side by side, in the chosen arm."""
    tables = [_table(pair, arm) for pair in pairs]
    first = pairs[0][0]
    target = target_name(first.targets[0], first.units.document.text)
    notes = [f"{target}, {arm}. First: {names[0]}. Second: {names[1]}.", _HOW_TO_READ, _units(first, pairs[0][1])]
    return report_parts("Figures of two models", notes, tables)


def _table(pair: Pair, arm: str) -> View:
    first, second = ({_place(one): one for one in report.measures if _is_shown(one, arm)} for report in pair)
    rows = []
    for place, one in first.items():
        other = second.get(place)
        rows.append([
            one.name, one.about.get("side", ""), *_figure(one), *_figure(other), _better(one), _reasons(one, other),
        ])  # fmt: skip
    columns = ["measure", "side", "first", "95 %", "second", "95 %", "better", "note"]
    return table(type(pair[0]).__name__.removesuffix("Report"), columns, rows)


def _is_shown(one: Measure, arm: str) -> bool:
    family = one.about.get("family", "")
    is_here = one.about.get("arm", arm) == arm and (not family or family in _WHOLE)
    return one.name in COMPARABLE and is_here


def _place(one: Measure) -> tuple[str, str, str]:
    return one.name, one.about.get("side", ""), one.about.get("family", "")


def _figure(one: Measure | None) -> tuple[float | None, str]:
    if one is None or not one.is_available:
        return None, ""
    return one.value, interval_text(one.interval)


def _reasons(first: Measure, second: Measure | None) -> str:
    """Why a figure of either is not available."""
    ones = {"first": first, "second": second}
    missing = {who: one.note if one else "it was not measured" for who, one in ones.items() if not _is_there(one)}
    return "; ".join(f"{who}: not available, because {why}" for who, why in missing.items())


def _is_there(one: Measure | None) -> bool:
    return one is not None and one.is_available


def _units(first: Report, second: Report) -> str:
    """What to bear in mind where two tokenizers cut the text into other units."""
    if np.array_equal(first.units.bounds, second.units.bounds):
        return ""
    counts = f"{len(first.units)} units of the text, those of the second with {len(second.units)}"
    return f"Figures of the first model were taken with {counts}: a difference may come from how the text is cut."


def _better(one: Measure) -> str:
    return {True: "higher", False: "lower", None: ""}[one.higher_is_better]
