"""The spans around an entity as a map: rows by where they start, columns by where they end."""

from __future__ import annotations

import numpy as np

from explain_lib.analysis import BoundaryReport

from .heat import number
from .report_parts import View
from .text import visible

LOWEST = -20.0
"""Log-probabilities below this are as pale as can be."""


def landscape_picture(report: BoundaryReport, at: int) -> View:
    """{"kind": "landscape", "caption", "rows", "columns", "values", "texts", "marked", "other", "low", "high"}.

    `rows` and `columns` name the words at which a span starts and ends, from the first in the text to the last; those
    without any span are left out. `values` are log-probabilities, None for a span that is no other end of this entity;
    `texts` the spans. `marked` is the entity itself, `other` the likeliest other span, or None.
    """
    values, text = report.arrays["landscape"][at][::-1], report.units.document.text
    starts, ends = report.arrays["landscape_starts"][at][::-1].tolist(), report.arrays["landscape_ends"][at].tolist()
    likeliest, reach = report.details["entities"][at]["likeliest_other"], len(values) // 2
    rows = [r for r in range(len(starts)) if r == reach or np.isfinite(values[r]).any()]
    columns = [c for c in range(len(ends)) if c == reach or np.isfinite(values[:, c]).any()]
    other = likeliest and (reach - likeliest["left"], reach + likeliest["right"])
    return {
        "kind": "landscape", "caption": "Which ends the model finds likely: log-probability with other ends",
        "rows": [_word(report, starts[r]) for r in rows], "columns": [_word(report, ends[c] - 1) for c in columns],
        "values": [[number(values[r, c]) for c in columns] for r in rows],
        "texts": [[visible(text[starts[r] : ends[c]]) if np.isfinite(values[r, c]) else "" for c in columns]
                  for r in rows],
        "marked": [rows.index(reach), columns.index(reach)],
        "other": other and [rows.index(other[0]), columns.index(other[1])],
        "low": LOWEST, "high": 0.0,
    }  # fmt: skip


def _word(report: BoundaryReport, place: int) -> str:
    """The unit that holds a character, or the character itself."""
    bounds = report.units.bounds
    inside = np.flatnonzero((bounds[:, 0] <= place) & (place < bounds[:, 1]))
    return visible(report.units.texts[int(inside[0])] if len(inside) else report.units.document.text[place])
