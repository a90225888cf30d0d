"""A corpus under two models: classes of errors before and after, what became of gold entities, and examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from explain_lib.analysis import ErrorClass, ErrorComparison, entity_errors
from explain_lib.analysis.errors import Outcome
from explain_lib.core import Document, Measure, Prediction

from .excerpts import excerpt, excerpts
from .report_parts import View, interval_text, matrix, report_parts, table
from .two_models import CHANGES

EXAMPLES = 5
_FIGURES = ("precision", "recall", "F1")
_HOW_TO_READ = (
    "Intervals: 95 %, whole documents drawn again, the same draws for both models. p: sign-flip test on counts of "
    "documents, corrected for the number of rows (Holm)."
)


def error_changes_view(compared: ErrorComparison, names: tuple[str, str] = ("first", "second")) -> View:
    """Tables of classes and of scores, a matrix of moves of gold entities, and examples mended and broken."""
    n = len(compared.before.documents)
    notes = [
        f"First: {names[0]}. Second: {names[1]}. The same {n} documents and gold spans.",
        _HOW_TO_READ, compared.note,
    ]  # fmt: skip
    tables = [_classes(compared), _scores(compared)]
    return report_parts("Errors of two models", notes, tables, [], _moves(compared)) | {"excerpts": _examples(compared)}


def _classes(compared: ErrorComparison) -> View:
    rows = []
    for name in [*ErrorClass, "all errors"]:
        one = compared.measure(name)
        old, new = (_count(errors.counts, name) for errors in (compared.before, compared.after))
        rows.append([str(name), old, new, *_difference(one), _p(compared.p_value(name)), one.note])
    return table("Entities by class", ["class", "first", "second", "second − first", "95 %", "p", "note"], rows)


def _count(counts: dict[ErrorClass, int], name: str) -> int:
    wrong = sum(n for error, n in counts.items() if error is not ErrorClass.CORRECT)
    return counts[ErrorClass(name)] if name in counts else wrong


def _scores(compared: ErrorComparison) -> View:
    rows = []
    for name in _FIGURES:
        old, new = (errors.scores.measure(name) for errors in (compared.before, compared.after))
        rows.append([name, old.value, new.value, *_difference(compared.measure(name)), compared.measure(name).note])
    return table("Strict scores", ["figure", "first", "second", "second − first", "95 %", "note"], rows)


def _difference(one: Measure) -> tuple[float | int, str]:
    value = round(one.value) if one.scale.startswith("entities") else one.value
    return value, interval_text(one.interval)


def _p(value: float) -> float | None:
    return None if np.isnan(value) else value


def _moves(compared: ErrorComparison) -> list[View]:
    moves = compared.moves
    classes = [error for error in ErrorClass if any(error in move for move in moves)]
    if not classes:
        return []
    values = [[moves.get((row, column), 0) for column in classes] for row in classes]
    caption = "Gold entities: class under the first model (rows) and under the second (columns)"
    largest = max(n for line in values for n in line)
    return [matrix(caption, list(map(str, classes)), list(map(str, classes)), values, limits=(0, max(1, largest)))]


def _examples(compared: ErrorComparison) -> list[View]:
    """Gold entities that only the second model finds, and that only the first one does."""
    kinds: dict[str, Callable[[Outcome, Outcome], bool]] = {
        "Mended: correct under the second model only": lambda one, other: not _is_right(one) and _is_right(other),
        "Broken: correct under the first model only": lambda one, other: _is_right(one) and not _is_right(other),
    }
    parts = []
    for caption, belongs in kinds.items():
        found = [pair for pair in compared.pairs if belongs(*pair)]
        if found:
            chosen = [_excerpt(compared, *pair) for pair in found[:EXAMPLES]]
            parts.append(excerpts(f"{caption}: {len(chosen)} of {len(found)}", chosen))
    return parts


def _is_right(one: Outcome) -> bool:
    return one.error is ErrorClass.CORRECT


def _excerpt(compared: ErrorComparison, one: Outcome, other: Outcome) -> View:
    """The prediction that is wrong, over gold: it shows what was mended or broken."""
    wrong, errors = (other, compared.after) if _is_right(one) else (one, compared.before)
    gold, predicted = errors.spans.gold[wrong.text], errors.spans.predicted[wrong.text]
    at = (wrong.start, wrong.end)
    note = f"{wrong.label} · {one.error} → {other.error}"
    return excerpt(wrong.document, errors.documents[wrong.text], at, gold, predicted, note)


def moves_view(
    documents: Sequence[Document], before: Sequence[Prediction], after: Sequence[Prediction], names: tuple[str, str]
) -> View:
    """What became of the first model's entities, for documents without gold spans."""
    asked = [replace(document, spans=one.spans) for document, one in zip(documents, before, strict=True)]
    changes = entity_errors(asked, after)
    shares = dict(zip(ErrorClass, changes.shares(), strict=False))
    rows = [
        [name, changes.counts[error], shares[error].value, interval_text(shares[error].interval)]
        for error, name in CHANGES.items()
    ]
    notes = [f"First: {names[0]}. Second: {names[1]}. The {len(documents)} documents have no gold spans."]
    columns = ["second model", "entities", "share", "95 %"]
    return report_parts("Entities of two models", notes, [table("What became of the entities", columns, rows)])
