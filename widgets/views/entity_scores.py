"""Entity scores as tables: every scheme for all labels, strict ones by label."""

from __future__ import annotations

from explain_lib.core import Measure
from explain_lib.evaluation.entities import ALL_LABELS, EntityScores

from .report_parts import View, report_parts, table

_FIGURES = ("precision", "recall", "F1")


def entity_scores_view(scores: EntityScores) -> View:
    """The tables, and over how many documents the intervals were drawn."""
    notes = [f"Intervals: 95 %, whole documents drawn again ({scores.n_documents}).", scores.note]
    return report_parts("Entity scores", notes, score_tables(scores))


def score_tables(scores: EntityScores) -> list[View]:
    """A row a scheme, and a row a label."""
    schemes, labels = ([*dict.fromkeys(m.about[key] for m in scores.measures)] for key in ("scheme", "label"))
    tables = [_table("Scores", "scheme", [(name, _row(scores, name, ALL_LABELS)) for name in schemes])]
    named = [label for label in labels if label != ALL_LABELS]
    if len(named) > 1:
        tables.append(_table("Strict scores by label", "label", [(one, _row(scores, "strict", one)) for one in named]))
    return tables


def _row(scores: EntityScores, scheme: str, label: str) -> list[Measure]:
    return [scores.measure(name, scheme, label) for name in _FIGURES]


def _table(caption: str, first: str, rows: list[tuple[str, list[Measure]]]) -> View:
    columns = [first, "precision", "recall", "F1", "95 % interval of F1", "gold", "predicted"]
    cells = [
        [name, *(m.value for m in row), "" if row[2].interval is None else "{:.3f} to {:.3f}".format(*row[2].interval),
         row[1].n, row[0].n]
        for name, row in rows
    ]  # fmt: skip
    return table(caption, columns, cells)
