"""Stability as the page shows it: the headline with its noise arm and its faithfulness, the edits, and the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explain_lib.analysis import StabilityReport
from explain_lib.core import Measure

from .heat import ARM_LINES, target_name
from .report_parts import View, interval_text, matrix, report_parts, strip, table
from .stability_pictures import ALL, StabilityPictures, edit_in_words

HEADLINE = "stability", "worst_tenth", "noise_arm", "excess", "kept", "flips"
BESIDE = "infidelity", "explained share", "stability, weights held"
CONTROLS = ", the same score everywhere", ", all on the span's own units"
COLUMNS = (
    "target", "family", "stability", "95 % interval", "worst tenth", "noise arm", "excess", "kept", "flips", "edits",
    "note",
)  # fmt: skip
NOTES = (
    (
        "Stability: how alike the explanations of the text and of an edited text are, on the words that the edit left "
        "alone; 0 is chance, 1 the same."
    ),
    (
        "Noise arm: the same for two explanations of the text itself with other seeds. Excess: noise arm − stability, "
        "what the edits alone take."
    ),
    (
        "Intervals hold over edits of this one text, not over texts. An explanation that never looks at the model can "
        "be perfectly stable: read the faithfulness beside it, measured on rows that hide a uniformly drawn number of "
        "units. Hiding more words takes more of a score, so that the same score for every word, or all of it on the "
        "entity's own words, explains a share too: what is no higher tells nothing. "
        "xl.faithfulness(attribution, query) says more."
    ),
)


def stability_view(report: StabilityReport) -> View:
    """The view of a stability report, the context arm first."""
    arms = sorted(report.details["arms"], key=lambda arm: arm != "context")
    names = {target.name: target_name(target, report.units.document.text) for target in report.targets}
    tables = [part for arm in arms for part in (_headline(report, arm, names), _beside(report, arm, names))]
    source = ", ".join(filter(None, (report.provenance.model, report.provenance.hiding)))
    rows = ", ".join(f"{part} {count}" for part, count in report.n_evals.items())
    return report_parts(
        f"Stability of {report.details['method']}",
        [source, *NOTES, *_what_is_missing(report), *(ARM_LINES[arm] for arm in arms), f"Rows asked for: {rows}."],
        [*tables, _edits(report), *(_raw(report, arm, names) for arm in arms)],
        _strips(report, arms[0], list(names.values())),
        [_by_edit(report, arm, list(names.values())) for arm in arms if len(report.arrays["family"])],
        groups=[StabilityPictures(report, arm, i).group() for i in range(len(report.targets)) for arm in arms],
    )


def _headline(report: StabilityReport, arm: str, names: Mapping[str, str]) -> View:
    """A row for every target and family: value and company."""
    rows = []
    for target, words in names.items():
        for family in (ALL, *report.details["families"]):
            about = {"arm": arm, "target": target, "family": family}
            found = {name: next(iter(report.select(name, **about)), None) for name in HEADLINE}
            values = [None if one is None or not one.is_available else one.value for one in found.values()]
            kept, stable = found["kept"], found["stability"]
            note = "" if stable is None or stable.is_available else f"not available, because {stable.note}"
            interval = "" if stable is None else interval_text(stable.interval)
            rows.append([words, family, values[0], interval, *values[1:], 0 if kept is None else kept.n, note])
    return table(f"Stability, {arm}", COLUMNS, rows)


def _beside(report: StabilityReport, arm: str, names: Mapping[str, str]) -> View:
    """Faithfulness, and a fused method with its weights held."""
    rows = []
    for target, words in names.items():
        about = {"arm": arm, "target": target}
        for one in (measure for name in BESIDE for measure in report.select(name, **about)):
            found = (next(iter(report.select(one.name + control, **about)), None) for control in CONTROLS)
            controls = [None if control is None else control.value for control in found]
            rows.append(
                [words, one.name, one.value, interval_text(one.interval), *controls, one.n, one.scale, _why(one)]
            )
    columns = (
        "target", "measure", "value", "95 % interval", "same score everywhere", "all on own units", "n", "scale",
        "note",
    )  # fmt: skip
    return table(f"Beside it, {arm}", columns, rows)


def _raw(report: StabilityReport, arm: str, names: Mapping[str, str]) -> View:
    """Every other measure over all edits."""
    rows = [
        [names[one.about["target"]], one.name, one.value, interval_text(one.interval), one.n, one.scale, _why(one)]
        for one in report.select(arm=arm, family=ALL)
        if one.name not in (*HEADLINE, *BESIDE)
    ]
    columns = "target", "measure", "value", "95 % interval", "n", "scale", "note"
    return table(f"Raw measures over all edits, {arm}", columns, rows)


def _edits(report: StabilityReport) -> View:
    """What each edit did, and for how many targets the model still says the same."""
    rows = [
        [number, edit["family"], edit_in_words(edit, report), f"{int(kept.sum())} of {len(kept)}"]
        for number, (edit, kept) in enumerate(zip(report.details["edits"], report.arrays["kept"], strict=True), start=1)
    ]
    return table("Edits", ("edit", "family", "what it does", "targets kept"), rows)


def _by_edit(report: StabilityReport, arm: str, names: Sequence[str]) -> View:
    values = report.arrays["by_edit"][report.details["arms"].index(arm)].T
    numbers = [str(i + 1) for i in range(values.shape[1])]
    return matrix(f"Stability by edit, {arm} (empty: not compared)", names, numbers, values, limits=(-1, 1))


def _strips(report: StabilityReport, arm: str, names: Sequence[str]) -> list[View]:
    """The explanation and how far each word's score moves over the edits."""
    at, strips = report.details["arms"].index(arm), []
    for i, words in enumerate(names):
        for name, caption in (
            ("scores", "scores"),
            ("spread", "spread over edits"),
            ("noise_spread", "spread over seeds"),
        ):
            scores = report.arrays[name][at, :, i]
            if np.nan_to_num(scores).any():
                strips.append(strip(f"{words}, {arm}: {caption}", report.units, scores))
    return strips


def _what_is_missing(report: StabilityReport) -> list[str]:
    """Families without edits, edits that the gate refused, and those on which the method failed."""
    details = report.details
    lines = [f"{name}: not available, because {why}." for name, why in details["unavailable"].items()]
    refused = {name: sum(reasons.values()) for name, reasons in details["rejected"].items()}
    counts = [f"{name} {n} of {details['drawn'][name]}" for name, n in refused.items() if n]
    lines += [f"Refused by the gate: {', '.join(counts)}."] if counts else []
    failed = details["failed"]
    return lines + ([f"The method failed on {len(failed)} edited texts: {failed[0]}"] if failed else [])


def _why(one: Measure) -> str:
    return one.note if one.is_available else f"not available, because {one.note}"
