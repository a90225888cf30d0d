"""How faithful an attribution is: a table with controls, curves with bands, and what each unit alone does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explain_lib.core import Measure
from explain_lib.evaluation import FaithfulnessReport

from .faithfulness_pictures import FaithfulnessPictures
from .heat import target_name
from .report_parts import MINUS, View, interval_text, report_parts, strip, table

_CONTROLS = {
    "random": (", random order", ", shuffled scores"),
    "own units": (", own units first", ", all on the span's own units"),
    "nothing": (", all scores 0",), "best order": (", best order",), "worst order": (", worst order",),
}  # fmt: skip
_FIRST = ("NAOPC", "AOPC", "infidelity", "explained share", "scale factor", "Kendall", "area")
_BETTER = {True: "higher", False: "lower", None: ""}
_HOW_TO_READ = (
    "Probabilities fall fast when the units that matter are hidden first. Read every figure beside its controls: "
    "random orders (or shuffled scores), the best and the worst order found, an attribution that knows nothing but "
    "where the span stands, and one of zeros. Compare methods in the context arm, which keeps the span's own units; "
    "infidelity there is fair to attributions that were made in it."
)


def faithfulness_view(report: FaithfulnessReport) -> View:
    """Pictures, a table, and the loss by each unit alone over the text, for each target and arm."""
    text = report.units.document.text
    tables, groups, strips = [], [], []
    for t, target in enumerate(report.targets):
        for a, arm in reversed(list(enumerate(report.ARMS))):  # the context arm is the headline
            name = f"{target_name(target, text)}, {arm}"
            measures = report.select(target=target.name, arm=arm)
            tables.append(_table(name, measures))
            pictures = FaithfulnessPictures(report, t, a).group()
            if pictures is not None:
                groups.append(pictures)
                lost = report.arrays["leave_one_out"][:, t, a]
                strips.append(strip(f"{name}: what the score loses by each unit alone", report.units, lost))
    rows = ", ".join(f"{part} {count}" for part, count in report.n_evals.items())
    source = ", ".join(filter(None, (report.provenance.model, report.provenance.hiding)))
    notes = [source, report.details["infidelity_law"].capitalize() + ".", f"Rows asked for: {rows}.", _HOW_TO_READ]
    return report_parts(f"Faithfulness of {report.details['method']}", notes, tables, strips, groups=groups)


def _table(name: str, measures: Sequence[Measure]) -> View:
    """A row for each measure, its controls in columns; one row with the reason where there is nothing."""
    reasons = {one.note for one in measures if not one.is_available}
    if not any(one.is_available for one in measures):
        return table(name, ["measure", "note"], [["all", f"not available, because {why}"] for why in sorted(reasons)])
    named = {one.name: one for one in measures}
    endings = {ending for group in _CONTROLS.values() for ending in group}
    heads = [one for one in measures if not any(one.name.endswith(ending) for ending in endings)]
    heads.sort(key=lambda one: next((k for k, start in enumerate(_FIRST) if one.name.startswith(start)), len(_FIRST)))
    columns = ["measure", "value", "95 %", *_CONTROLS, "scale", "better", "note"]
    return table(name, columns, [_row(one, named) for one in heads])


def _row(one: Measure, named: dict[str, Measure]) -> list[Any]:
    interval = interval_text(one.interval)
    controls = [
        next((_control(named[one.name + ending]) for ending in endings if one.name + ending in named), "")
        for endings in _CONTROLS.values()
    ]
    note = one.note if one.is_available else f"not available, because {one.note}"
    return [one.name, one.value, interval, *controls, one.scale, _BETTER[one.higher_is_better], note]


def _control(one: Measure) -> str:
    if not one.is_available:
        return "–"
    bounds = "" if one.interval is None else f" ({interval_text(one.interval)})"
    return f"{one.value:.3g}".replace("-", MINUS) + bounds
