"""From attributions to the rows of a CorpusTable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explain_lib.core import Attribution, Document, Prediction, Target
from explain_lib.core.table import COLUMNS, CorpusTable, Failure, table_of

from .targets import predicted_labels


@dataclass(frozen=True, eq=False)
class Explained:
    """One attribution with what the table says of its targets."""

    document: Document
    prediction: Prediction
    attribution: Attribution


def table(explained: Iterable[Explained], failures: Sequence[Failure]) -> CorpusTable:
    """All rows, in the order of the attributions and their targets."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for one in explained:
        for index, target in enumerate(one.attribution.targets):
            for name, values in _rows(one, index, target).items():
                columns[name].extend(values)
    return table_of(columns, failures)


def _rows(one: Explained, index: int, target: Target) -> dict[str, Sequence[Any]]:
    found, units, span = one.attribution, one.attribution.units, target.span
    repeated = {
        "document": one.document.id, "method": repr(found.method), "arm": found.provenance.arm,
        "target": target.name, "target_start": span and span.start, "target_end": span and span.end,
        "label": target.label, "gold": _is_gold(one.document, target),
        "predicted": _is_predicted(one.prediction, target),
    }  # fmt: skip
    return {
        **{name: [value] * len(units) for name, value in repeated.items()},
        "unit": range(len(units)),
        "unit_start": units.bounds[:, 0].tolist(),
        "unit_end": units.bounds[:, 1].tolist(),
        "unit_text": units.texts,
        "active": found.active[:, index].tolist(),
        "score": np.asarray(found.scores[:, index]).tolist(),
        "std_error": np.asarray(found.std_error[:, index]).tolist(),
        "dof": np.asarray(found.dof[:, index]).tolist(),
    }


def _is_gold(document: Document, target: Target) -> bool:
    return target.span in document.spans and target.span is not None and target.label == target.span.label


def _is_predicted(prediction: Prediction, target: Target) -> bool:
    if target.span is None:
        return target.label in predicted_labels(prediction)
    return target.span in prediction.spans and target.label == target.span.label
