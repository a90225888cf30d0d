"""A boundary report on the page: both ends in one table, what moves them in words, the landscape and the curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from explain_lib.analysis import BoundaryReport
from explain_lib.core import Measure, Target

from .boundary_pictures import INWARDS, OUTWARDS, BoundaryPictures
from .boundary_words import sentences
from .heat import target_name
from .report_parts import View, curve, report_parts, strip, table

_ENDS = {
    "margin": "margin", "index": "index", "control index": "index elsewhere",
    "controls at or above": "share elsewhere ≥", "distance": "distance", "crossed at": "crossed at",
    "smallest edit": "smallest edit (units)",
}  # fmt: skip
_CONTRASTS = ("contrast", "boundary mass", "contrast faithfulness", "contrast stability")
_STARTS = {"left": "starts", "right": "ends"}
HOW_TO_READ = (
    "A margin below 0 means that the model puts this end elsewhere. The index is the effect of the unit just outside "
    "over that of the average context unit, beside the same index at random places without an entity; 1 is no "
    "preference. Distances are in mean lengths of an embedding, as if the margin were linear; “crossed at” is where it "
    "really ends, in multiples of that. Figures of one text have no interval over texts: boundary_summary has."
)


def boundary_view(report: BoundaryReport) -> View:
    """The view of a boundary report, as `report_parts` describes it."""
    names = [target_name(target, report.units.document.text) for target in report.targets]
    pairs = list(zip(report.targets, names, strict=True))
    tables = [_ends(report, pairs), _spans(report, pairs)]
    for target, name in pairs:
        tables += [_regions(report, target, name), _flips(report, target, name), _reasons(report, target, name)]
    missing = _missing(report)
    tables += [missing] if missing["rows"] else []
    notes = [HOW_TO_READ, *_cost(report)]
    groups = [BoundaryPictures(report, at).group(sentences(report, at)) for at in range(len(names))]
    strips = _strips(report, names)
    return report_parts(f"Boundaries: {', '.join(names)}", notes, tables, strips, [], _curves(report), groups)


def _ends(report: BoundaryReport, pairs: Sequence[tuple[Target, str]]) -> View:
    rows = [
        [name, side, *(_value(report, measure, target=target.name, side=side) for measure in _ENDS)]
        for target, name in pairs for side in report.details["sides"]
    ]  # fmt: skip
    return table("Both ends", ["entity", "end", *_ENDS.values()], rows)


def _spans(report: BoundaryReport, pairs: Sequence[tuple[Target, str]]) -> View:
    measures = ("log-probability", "sharpness", "entropy", "smallest edit that loses it")
    rows = [[name, *(_value(report, measure, target=target.name) for measure in measures)] for target, name in pairs]
    columns = ["entity", "log-probability", "lead over the next span", "spread (0 to 1)", "units whose hiding loses it"]
    return table("The span among its neighbours", columns, rows)


def _regions(report: BoundaryReport, target: Target, name: str) -> View:
    rows = []
    for region in report.details["regions"]:
        row: list[Any] = [region]
        for side in report.details["sides"]:
            about = {"target": target.name, "side": side, "region": region}
            found = report.select("region effect", **about)
            row += [_value(report, "region effect", **about), _value(report, "region loss", **about), found[0].n]
        rows.append(row)
    heads = [f"{side}: {what}" for side in report.details["sides"] for what in ("size", "loss", "units")]
    return table(f"What hiding one unit does to each margin, by region: {name}", ["region", *heads], rows)


def _flips(report: BoundaryReport, target: Target, name: str) -> View:
    rows = []
    for kept in report.select("kept", target=target.name):
        family = kept.about["family"]
        if not kept.is_available:
            continue
        about = {"target": target.name, "family": family}
        shares = [_measure(report, "end moved", side=side, **about) for side in report.details["sides"]]
        lost = _measure(report, "type changed or lost", **about)
        rows.append([family, kept.n, *(_count(one) for one in (kept, *shares, lost))])
    columns = ["edits", "of", "kept", "left end moved", "right end moved", "type changed or lost"]
    return table(f"What edits make of it, counted: {name}", columns, rows)


def _reasons(report: BoundaryReport, target: Target, name: str) -> View:
    at = report.targets.index(target)
    strongest = {(one["side"], one["versus"]): one["units"] for one in report.details["entities"][at]["strongest"]}
    rows = []
    for one in report.select("contrast", target=target.name):
        side, versus = one.about["side"], one.about["versus"]
        units = ", ".join(f"“{unit['text']}”" for unit in strongest.get((side, versus), []))
        about = {"target": target.name, "side": side, "versus": versus}
        rows.append([f"{_STARTS[side]} here, {versus}", *(_value(report, m, **about) for m in _CONTRASTS), units])
    columns = ["why", "log-probability lead", "share at the end (1: even)", "faithfulness (R²)", "stability", "units"]
    method = next((one.about["method"] for one in report.select("contrast", target=target.name)), "")
    return table(f"Why here, by {method}: {name}", columns, rows)


def _missing(report: BoundaryReport) -> View:
    """What could not be measured, each reason once for the things it holds for."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in report.measures:
        if not one.is_available:
            parts = (one.about[key] for key in ("region", "family", "versus") if key in one.about)
            what = ", ".join([one.name, *parts])
            where = " ".join(filter(None, [one.about.get("target", ""), one.about.get("side", "")]))
            reasons.setdefault((where, one.note), []).append(what)
    rows = [[where, "; ".join(dict.fromkeys(what)), why] for (where, why), what in reasons.items()]
    return table("Not available", ["of", "what", "because"], rows)


def _strips(report: BoundaryReport, names: Sequence[str]) -> list[View]:
    return [
        strip(f"What the {side} margin loses when a unit is hidden: {name}", report.units, losses)
        for name, both in zip(names, report.arrays["losses"], strict=True)
        for side, losses in zip(report.details["sides"], both, strict=True)
    ]  # fmt: skip


def _curves(report: BoundaryReport) -> list[View]:
    distances = report.arrays["curve_distances"]
    shown = (distances >= INWARDS) & (distances <= OUTWARDS)
    if len(report.targets) < 2 or not shown.any():  # the pictures have the curve of each entity by itself
        return []
    effects, counts = report.arrays["curve_effects"][:, shown], report.arrays["curve_counts"][:, shown]
    sides = {f"{side} margin": row for side, row in zip(report.details["sides"], effects, strict=True)}
    most = int(counts.max(initial=0))
    of = f"up to {most} {'entity' if most == 1 else 'entities'} a point"
    x_label = f"units outside the end (0 and below: inside); {of}"
    return [
        curve(
            "Effect by distance, over all entities",
            distances[shown],
            sides,
            None,
            x_label,
            "mean absolute change of the margin",
        )
    ]


def _cost(report: BoundaryReport) -> Iterator[str]:
    yield f"{report.provenance.model}, {report.provenance.hiding}, {report.provenance.arm}"
    yield f"Rows asked for: {', '.join(f'{part} {count}' for part, count in report.n_evals.items())}."


def _measure(report: BoundaryReport, name: str, **about: str) -> Measure | None:
    found = report.select(name, **about)
    return found[0] if len(found) == 1 and found[0].is_available else None


def _value(report: BoundaryReport, name: str, **about: str) -> float | None:
    found = _measure(report, name, **about)
    return None if found is None else found.value


def _count(share: Measure | None) -> int | None:
    return None if share is None else int(np.rint(share.value * share.n))
