"""`plausibility`: an attribution and what people marked in the text, a PlausibilityReport out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.evaluation.compared_units import ARMS, compared_units

from .rank_measures import (
    Bools, Floats, average_precision, f1, overlap, random_average_precision, random_overlap, strongest,
)  # fmt: skip
from .rationale import Rationale, marked_units
from .report import PlausibilityReport

NAMES = ("AUPRC", "token F1", "token IoU", "recall at k", "mass share")
CHANCE = ", random scores"


def plausibility(
    attribution: Attribution, rationale: Rationale, top: int | None = None, by_size: bool = False
) -> PlausibilityReport:
    """Hold scores against units that people marked, or that a generator planted as the truth, in both arms.

    `rationale` is bool[units], bool[units, targets], or spans of the text. Units are ranked by falling score, or by
    absolute score with `by_size`. For each target and arm: the area under the precision-recall curve (AUPRC); of the
    `top` strongest units (default: as many as are marked) token F1, intersection over union, and the share of the
    marked units among them (recall at k; with the default k it equals F1); the share of the sum of absolute scores on
    marked units (mass share). Beside each stands what random scores get. Ties share places. Marked units that do not
    count in the arm (the span's own units in the context arm) are left out. Costs no model row.

    People mark what they would look at, not what the model looks at: a plausible explanation need not be faithful.
    Source: DeYoung et al. (2020). Raises TypeError or ValueError for a rationale of another kind or shape.
    """
    if top is not None and top < 1:
        raise ValueError(f"top is {top}; give at least 1 unit, or None for as many as are marked.")
    marked = marked_units(rationale, attribution)
    tops, measures = np.full((*marked.shape, len(ARMS)), np.nan), list[Measure]()
    for t, target in enumerate(attribution.targets):
        for a, arm in enumerate(ARMS):
            about = {"target": target.name, "arm": arm, "method": repr(attribution.method)}
            units = compared_units(attribution, t, arm)
            if not isinstance(units, str) and not marked[units, t].any():
                units = "no unit that counts in this arm is marked"
            if isinstance(units, str):
                measures.extend(not_available(name, units, about=about) for name in NAMES)
                continue
            scores, here = attribution.scores[units, t], marked[units, t]
            ranked = np.abs(scores) if by_size else scores
            tops[units, t, a] = strongest(ranked, top or int(here.sum()))
            measures.extend(_measures(ranked, scores, here, tops[units, t, a], about))
    details = {"top": "as many as are marked" if top is None else top, "by_size": by_size}
    arrays = {"rationale": marked, "top": tops}
    return PlausibilityReport(
        attribution.units, attribution.targets, tuple(measures), arrays, details, {}, attribution.provenance
    )


def _measures(
    ranked: Floats, scores: Floats, marked: Bools, top: Floats, about: Mapping[str, str]
) -> Iterator[Measure]:
    """The measures of one target and arm, each with what random scores get."""
    n, m, k = len(marked), int(marked.sum()), int(round(float(top.sum())))
    hits, mean_hits, total = float(top @ marked), k * m / n, float(np.abs(scores).sum())
    rows = (
        (NAMES[0], average_precision(ranked, marked), random_average_precision(n, m), "area, 0 to 1"),
        (NAMES[1], f1(hits, k, m), f1(mean_hits, k, m), "0 to 1"),
        (NAMES[2], overlap(hits, k, m), random_overlap(n, k, m), "0 to 1"),
        (NAMES[3], hits / m, k / n, "share of the marked units, 0 to 1"),
    )
    note = f"{m} of {n} units are marked; the {k} strongest are taken"
    for name, value, chance, scale in rows:
        yield Measure(name, value, None, n, scale, True, about, note)
        yield Measure(name + CHANCE, chance, None, n, scale, None, about, "the mean over all orders of the units")
    scale = "share of the sum of absolute scores, 0 to 1"
    if total > 0:
        yield Measure(NAMES[4], float(np.abs(scores[marked]).sum()) / total, None, n, scale, True, about, note)
    else:
        yield not_available(NAMES[4], "every score is 0", scale, about)
    yield Measure(NAMES[4] + CHANCE, m / n, None, n, scale, None, about, "the mean over all orders of the units")
