"""Reports of many texts, gathered by what was measured, each figure with the name of its document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from explain_lib.core import Measure, Report

Kind = TypeVar("Kind", bound=Report)
About = tuple[tuple[str, str], ...]
Gathered = dict[tuple[str, About], list[tuple[Measure, str]]]


def by_document(
    reports: Sequence[Kind], documents: Sequence[str] | None, what: str, measures: Callable[[Kind], Iterable[Measure]]
) -> Gathered:
    """The measures of reports by name and what they are about, targets put together; `what` names the reports.

    `documents` names the document of each report, by default its document's id. Raises ValueError for no reports, for
    another number of names, and where a text has no id and `documents` is None.
    """
    found: Gathered = {}
    for report, document in zip(reports, _names(reports, documents, what), strict=True):
        for measure in measures(report):
            about = tuple((key, value) for key, value in measure.about.items() if key != "target")
            found.setdefault((measure.name, about), []).append((measure, document))
    return found


def _names(reports: Sequence[Report], documents: Sequence[str] | None, what: str) -> list[str]:
    if not reports:
        raise ValueError(f"there are no {what} reports to sum up; give at least one.")
    names = [report.units.document.id for report in reports] if documents is None else list(documents)
    if len(names) != len(reports):
        raise ValueError(f"{len(names)} documents are named for {len(reports)} reports; give one name each.")
    if not all(names):
        raise ValueError(
            "a text has no document id; give `documents`, one name for each report, the same for texts of one document."
        )
    return names
