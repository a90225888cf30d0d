"""Tables of scores with known word effects, made without a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from explain_lib.core import Span, Target
from explain_lib.core.table import COLUMNS, CorpusTable, table_of


def table(
    targets: Iterable[tuple[str, Target, list[tuple[str, float]]]],
    arm: str = "context",
    method: str = "Made()",
    **same: Any,
) -> CorpusTable:
    """A table from (document, target, [(unit text, score), …]); units stand one blank apart, from character 0.

    In the context arm units inside the span are not active and score 0. `same` sets other columns for all rows.
    """
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for document, target, units in targets:
        at, span = 0, target.span
        for number, (text, score) in enumerate(units):
            start, end = at, at + len(text)
            at = end + 1
            is_own = span is not None and start < span.end and span.start < end
            is_active = not (is_own and arm == "context")
            row: Mapping[str, Any] = {
                "document": document, "method": method, "arm": arm, "target": target.name,
                "target_start": span and span.start, "target_end": span and span.end, "label": target.label,
                "gold": True, "predicted": True, "unit": number, "unit_start": start, "unit_end": end,
                "unit_text": text, "active": is_active, "score": score if is_active else 0.0,
                "std_error": 0.0, "dof": np.inf, **same,
            }  # fmt: skip
            for name in COLUMNS:
                columns[name].append(row[name])
    return table_of(columns)


WORDS = ("fever", "since", "severe", "no", "the", "of", "acute", "drug", "after", "and")
EFFECTS = {
    "Disease": np.array([2.0, 0.5, 1.5, -1.0, 0.0, 0.0, 1.0, -0.5, 0.1, 0.0]),
    "Drug": np.array([-0.3, 0.0, 0.0, 0.4, 0.0, 0.1, 0.0, 2.5, 1.0, 0.0]),
}


def planted_table(
    rng: int,
    n_documents: int = 30,
    words: int = 12,
    document_sd: float = 0.4,
    unit_sd: float = 0.5,
    std_error: float = 0.0,
) -> CorpusTable:
    """Scores = effect of the word under the label + an effect of the word in this document + noise of the unit."""
    generator = np.random.default_rng(rng)
    made = []
    for document in range(n_documents):
        moved = generator.normal(0, document_sd, len(WORDS))
        for at, (label, effects) in enumerate(EFFECTS.items()):
            drawn = generator.integers(0, len(WORDS), words + at)
            scores = effects[drawn] + moved[drawn] + generator.normal(0, unit_sd, len(drawn))
            units = [("X", 0.0), *((WORDS[w], float(s)) for w, s in zip(drawn, scores, strict=True))]
            made.append((f"d{document}", Target(Span(0, 1, label)), units))
    return table(made, std_error=std_error)
