"""What holds for a corpus: the strongest features of each label, with their errors, and how labels differ."""

from __future__ import annotations

import re

import numpy as np

from explain_lib.attribution import Lexicon
from explain_lib.core import GlobalAttribution

from .report_parts import MINUS, View, matrix, report_parts, table

TOP = 12
FEWEST = 3  # documents that must hold a feature, where any feature has so many
SHOWN_LABELS = 12


def global_view(result: GlobalAttribution, top: int = TOP) -> View:
    """A table for each label: its highest and its lowest features; a matrix of the best features of all labels.

    Features of one or two documents are left out where others exist. Of more than twelve labels those with the most
    occurrences are shown.
    """
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", repr(result.recipe).split("(")[0]).capitalize()
    busiest = np.argsort(-result.counts.sum(axis=0), kind="stable")[:SHOWN_LABELS]
    labels = [result.labels[column] for column in sorted(busiest)]
    few = [f"{len(result.labels) - len(labels)} labels with fewer occurrences are left out."]
    notes = [
        f"Score: {result.quantity}." + (f" Explainer: {result.method}." if result.method else ""),
        *result.notes, *(few if len(labels) < len(result.labels) else ()), repr(result.recipe),
    ]  # fmt: skip
    tables = [_label_table(result, label, top) for label in labels]
    matrices = [_matrix(result, labels, top)] if len(labels) > 1 and len(result.features) > 1 else []
    return report_parts(f"{kind}: {', '.join(labels)}", notes, tables, (), matrices)


def _label_table(result: GlobalAttribution, label: str, top: int) -> View:
    column, by_z = result.labels.index(label), isinstance(result.recipe, Lexicon)
    rows = []
    for feature in shown_features(result, label, top):
        entry, at = result.entry(feature, label), (result.features.index(feature), column)
        interval = "" if np.isnan(entry.low) else f"{entry.low:.3g} to {entry.high:.3g}".replace("-", MINUS)
        more = [float(values[at]) for values in result.more.values()]
        z = [float(result.z[at])] if by_z else []
        rows.append([feature, *z, entry.score, interval, entry.count, entry.documents, *more])
    sorted_by = ["z"] if by_z else []
    return table(label, ["feature", *sorted_by, "score", "95 % interval", "seen", "documents", *result.more], rows)


def shown_features(result: GlobalAttribution, label: str, top: int) -> list[str]:
    """The highest features, then the lowest ones that are not among them, from high to low."""
    column = result.labels.index(label)
    fewest = FEWEST if (result.documents[:, column] >= FEWEST).any() else 1
    by_z = isinstance(result.recipe, Lexicon)
    found = [
        [entry.feature for entry in result.top(label, top, min_documents=fewest, lowest=lowest, by_z=by_z)]
        for lowest in (False, True)
    ]
    return list(dict.fromkeys([*found[0], *reversed(found[1])]))


def _matrix(result: GlobalAttribution, labels: list[str], top: int) -> View:
    """Scores of the best features of each label under all labels."""
    each = max(1, 2 * top // len(labels))
    best = [shown_features(result, label, each)[:each] for label in labels]
    features = list(dict.fromkeys(feature for found in best for feature in found))
    rows, columns = [result.features.index(f) for f in features], [result.labels.index(label) for label in labels]
    return matrix("The highest features of each label, under all labels", features, labels,
                  result.scores[np.ix_(rows, columns)])  # fmt: skip
