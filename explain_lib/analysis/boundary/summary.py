"""Boundary reports of many texts, summed up by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explain_lib.analysis.by_document import by_document
from explain_lib.core import Measure
from explain_lib.perturbation.streams import Rng, stream
from explain_lib.statistics import bootstrap_ratio

from .flips import SCALE as SHARE_OF_EDITS
from .report import BoundaryReport


def boundary_summary(
    reports: Sequence[BoundaryReport], documents: Sequence[str] | None = None, rng: Rng = 0
) -> tuple[Measure, ...]:
    """Every measure of boundary reports over all their entities, with intervals from drawing whole documents again.

    `documents` names the document of each report, by default its document's id; texts of one document must share a
    name. Shares of edits are sums over edits, everything else is a mean over entities. Entities where a measure was
    not available are left out. "index over control" is the mean of both indices' difference. Raises ValueError for no
    reports, and where texts have no id and `documents` is None: intervals over entities would be too narrow.
    """
    values = by_document(reports, documents, "boundary", lambda report: (*report.measures, *_differences(report)))
    return tuple(_summed(name, dict(about), found, rng) for (name, about), found in values.items())


def _differences(report: BoundaryReport) -> list[Measure]:
    """Index minus control index of each end that has both."""
    found = []
    for index in report.select("index"):
        control = next(iter(report.select("control index", **index.about)), None)
        if control is not None and index.is_available and control.is_available:
            scale = "difference of indices; 0: as where there is no entity"
            found.append(Measure("index over control", index.value - control.value, None, 1, scale, None, index.about))
    return found


def _summed(name: str, about: Mapping[str, str], found: Sequence[tuple[Measure, str]], rng: Rng) -> Measure:
    first = next((measure for measure, _ in found if measure.is_available), found[0][0])
    documents = [document for _, document in found]
    values = np.array([measure.value for measure, _ in found])
    is_share = first.scale == SHARE_OF_EDITS
    weights = np.array([float(measure.n) if is_share else 1.0 for measure, _ in found])
    draws = stream(rng, f"summary {name} {sorted(about.items())}")
    figure = bootstrap_ratio(values * weights, weights, documents, draws)
    what = "share of edits" if is_share else f"mean over entities of: {first.scale}"
    scale = f"{what}; n: {figure.n_documents} documents, {figure.n_items} entities"
    note = figure.note if figure.n_items else "it was not available for any entity"
    return Measure(name, figure.value, figure.interval, figure.n_documents, scale, first.higher_is_better, about, note)
