"""Errors of a corpus: classes with their counts, scores, and examples in their text."""

from __future__ import annotations

from typing import Any

import numpy as np

from explain_lib.analysis.errors import EntityErrors, ErrorClass, Outcome

from .entity_scores import score_tables
from .excerpts import excerpt, excerpts
from .report_parts import View, report_parts, table

EXAMPLES = 5  # of each class


def entity_errors_view(errors: EntityErrors) -> View:
    """Tables of classes, of classes by label and of scores, and up to five examples of each class of errors."""
    n = len(errors.outcomes)
    title = f"Entity errors: {len(errors.errors)} of {n} entities in {len(errors.documents)} texts"
    flags = {flag: sum(one.flag == flag for one in errors.outcomes) for flag in _flags(errors)}
    notes = [
        "An entity is a gold span, or a predicted one without gold; it has the first class of the table that applies.",
        f"Intervals: 95 %, whole documents drawn again ({errors.scores.n_documents}).",
        *(f"Flagged “{flag}”: {count}." for flag, count in flags.items()),
        errors.scores.note,
    ]
    tables = [_classes(errors), *_by_label(errors), *score_tables(errors.scores)]
    return report_parts(title, notes, tables) | {"excerpts": _examples(errors)}


def _flags(errors: EntityErrors) -> list[str]:
    return sorted({one.flag for one in errors.outcomes} - {""})


def _classes(errors: EntityErrors) -> View:
    *shares, boundary = errors.shares()
    rows = [
        [str(error), errors.counts[error], share.value, _interval(share.interval), error.meaning, share.note]
        for error, share in zip(ErrorClass, shares, strict=True)
    ]
    last = "of all errors: a partner of the same type, not exact"
    n = sum(one.is_of_boundary_only for one in errors.outcomes)
    rows.append([boundary.name, n, boundary.value, _interval(boundary.interval), last, boundary.note])
    return table("Classes", ["class", "entities", "share", "95 % interval", "meaning", "note"], rows)


def _by_label(errors: EntityErrors) -> list[View]:
    counts = errors.counts_by_label
    found = [error for error in ErrorClass if errors.counts[error]]
    if len(counts) < 2:
        return []
    rows = [[label, *(row[error] for error in found), sum(row.values())] for label, row in counts.items()]
    return [table("Classes by label", ["label", *map(str, found), "all"], rows)]


def _interval(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else "{:.3f} to {:.3f}".format(*interval)


def _examples(errors: EntityErrors) -> list[dict[str, Any]]:
    """Of each class the entities that the model is surest of, or that come first where it said nothing."""
    parts = []
    for error in ErrorClass:
        found = () if error is ErrorClass.CORRECT else errors.select(error)
        chosen = sorted(found, key=lambda one: -np.nan_to_num(one.confidence))[:EXAMPLES]
        if chosen:
            caption = f"{str(error).capitalize()}: {len(chosen)} of {len(found)}"
            parts.append(excerpts(caption, [outcome_excerpt(errors, one) for one in chosen]))
    return parts


def outcome_excerpt(errors: EntityErrors, one: Outcome) -> dict[str, Any]:
    """The words around an outcome, with its labels, shifts, confidence and flag."""
    gold, predicted = errors.spans.gold[one.text], errors.spans.predicted[one.text]
    return excerpt(one.document, errors.documents[one.text], (one.start, one.end), gold, predicted, _about(one))


def _about(one: Outcome) -> str:
    """Labels of both sides, shifts in characters, confidence and flag, as far as there are any."""
    labels = dict.fromkeys(span.label for span in (one.gold, one.predicted) if span)
    shifts = [f"{name} {shift:+d}" for name, shift in (("start", one.shift_left), ("end", one.shift_right)) if shift]
    sure = [] if np.isnan(one.confidence) else [f"confidence {one.confidence:.2f}"]
    return " · ".join([" → ".join(labels), *shifts, *sure, *([one.flag] if one.flag else [])])
