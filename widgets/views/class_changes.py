"""A corpus of texts under two classifiers: which class went where, and the texts that changed most."""

from __future__ import annotations

from collections.abc import Sequence

from explain_lib.core import Document, Prediction

from .excerpts import one_line
from .report_parts import View, matrix, report_parts, table

TOP = 30
_CHARACTERS = 60


def class_changes_view(
    documents: Sequence[Document], before: Sequence[Prediction], after: Sequence[Prediction], names: tuple[str, str]
) -> View:
    """A matrix of likeliest classes, and the texts whose likeliest class changed, the largest change first."""
    pairs = [(_likeliest(one), _likeliest(other)) for one, other in zip(before, after, strict=True)]
    labels = sorted({*(label for one in (*before, *after) for label in one.labels)})
    counts = [[pairs.count((row, column)) for column in labels] for row in labels]
    caption = "Texts: likeliest class under the first model (rows) and under the second (columns)"
    n = sum(one != other for one, other in pairs)
    notes = [f"First: {names[0]}. Second: {names[1]}. {n} of {len(pairs)} texts change their likeliest class."]
    moved = [
        ((q or 0.0) - p, [text.id or f"text {i + 1}", *pairs[i], p, q, _beginning(text.text)])
        for i, (text, p, q) in enumerate(_sure(documents, before, after, pairs))
        if pairs[i][0] != pairs[i][1]
    ]
    rows = [row for _, row in sorted(moved, key=lambda one: one[0])]
    columns = ["text", "first", "second", "p of the first's class, first", "p of it, second", "begins"]
    changed = [table(f"Texts that change: {len(rows[:TOP])} of {n}", columns, rows[:TOP])] if rows else []
    most = max((count for line in counts for count in line), default=0)
    return report_parts("Classes of two models", notes, changed, [], [
        matrix(caption, labels, labels, counts, limits=(0, max(1, most)))
    ])  # fmt: skip


def _sure(
    documents: Sequence[Document],
    before: Sequence[Prediction],
    after: Sequence[Prediction],
    pairs: Sequence[tuple[str, str]],
) -> list[tuple[Document, float, float | None]]:
    """Each text with the probability of the first model's class under both; None where the second has no such class."""
    return [
        (text, one.labels[label], other.labels.get(label))
        for text, one, other, (label, _) in zip(documents, before, after, pairs, strict=True)
    ]


def _likeliest(one: Prediction) -> str:
    return max(one.labels, key=lambda label: one.labels[label])


def _beginning(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _CHARACTERS else f"{line[:_CHARACTERS]}…"
