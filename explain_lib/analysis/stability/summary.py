"""Stability over many texts: whole documents are drawn again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explain_lib.core import Measure
from explain_lib.perturbation.streams import Rng, stream
from explain_lib.statistics import bootstrap_ratio

from .arm_of_target import SHARE
from .figures import EDITS
from .report import StabilityReport

About = tuple[tuple[str, str], ...]


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
    names = _names(reports, documents)
    found: dict[tuple[str, About], list[tuple[Measure, str]]] = {}
    for report, name in zip(reports, names, strict=True):
        for measure in report.measures:
            about = tuple((key, value) for key, value in measure.about.items() if key != "target")
            found.setdefault((measure.name, about), []).append((measure, name))
    return tuple(_summed(name, dict(about), each, rng) for (name, about), each in found.items())


def _names(reports: Sequence[StabilityReport], documents: Sequence[str] | None) -> list[str]:
    if not reports:
        raise ValueError("there are no stability reports to sum up; give at least one.")
    names = [report.units.document.id for report in reports] if documents is None else list(documents)
    if len(names) != len(reports):
        raise ValueError(f"{len(names)} documents are named for {len(reports)} reports; give one name each.")
    if not all(names):
        raise ValueError(
            "a text has no document id; give `documents`, one name for each report, the same for texts of one document."
        )
    return names


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
