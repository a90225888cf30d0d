"""Stability over many texts: whole documents are drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explain_lib.analysis.by_document import by_document
from explain_lib.core import Measure
from explain_lib.perturbation.streams import Rng, stream
from explain_lib.statistics import bootstrap_ratio

from .arm_of_target import SHARE
from .figures import EDITS
from .report import StabilityReport


def stability_summary(
    reports: Sequence[StabilityReport], documents: Sequence[str] | None = None, rng: Rng = 0
) -> tuple[Measure, ...]:
    """Every measure of stability reports over all their entities, with intervals from drawing whole documents again.

    By arm, family and method, so reports of several methods may be given together; this is the headline of a corpus.
    `kept` and `flips` are sums over edits, everything else is a mean over entities, where it was measured and finite.
    `documents` names the document of each report, by default its document's id; texts of one document must share a
    name. Raises ValueError for no reports, and where a text has no id and `documents` is None: intervals over texts of
    one document would be too narrow.
    """
    found = by_document(reports, documents, "stability", lambda report: report.measures)
    return tuple(_summed(name, dict(about), each, rng) for (name, about), each in found.items())


def _summed(name: str, about: Mapping[str, str], found: Sequence[tuple[Measure, str]], rng: Rng) -> Measure:
    first, documents = found[0][0], [document for _, document in found]
    values = np.array([measure.value if np.isfinite(measure.value) else np.nan for measure, _ in found])
    is_share = first.scale == SHARE
    weights = np.array([float(measure.n) if is_share else 1.0 for measure, _ in found])
    draws = stream(rng, f"stability summary {name} {sorted(about.items())}")
    figure = bootstrap_ratio(values * weights, weights, documents, draws)
    scale = next((measure.scale for measure, _ in found if measure.is_available), "").removesuffix(f"; {EDITS}")
    what = "share of all edits" if is_share else f"mean over entities; {scale}"
    better = next((measure.higher_is_better for measure, _ in found if measure.is_available), None)
    counts = f"n: {figure.n_documents} documents, {figure.n_items} entities"
    note = figure.note if figure.n_items else "it was not available for any entity"
    return Measure(name, figure.value, figure.interval, figure.n_documents, f"{what}; {counts}", better, about, note)
