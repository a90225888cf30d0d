"""Precision, recall and F1 of predicted entities, strict to lenient, by label and by side, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.core import Document, Measure, Prediction, not_available
from explain_lib.statistics import Bootstrapped, bootstrap_statistics, document_names, sum_by_document

from .counted import CountedSpans, Labels, counted_spans
from .counts import COLUMNS, CREDITS, FIGURES, SIDES, Ints, SchemeCounts, figures, scheme_counts, text_counts
from .matching import match_spans

if TYPE_CHECKING:
    import pandas

ALL_LABELS = "all labels"
_SCALE = "0 to 1, n = {} spans"


@dataclass(frozen=True, eq=False)
class EntityScores:
    """Scores of a corpus: a measure (precision, recall or F1) for every scheme and label, and for all labels together.

    Schemes: strict (same characters and type), exact (same characters), partial (the same, and half for an overlap),
    type (overlap and the same type), as SemEval-2013 task 9.1 defines them, and "left boundary" and "right boundary":
    a pair earns where it starts, or ends, at the same character. Intervals draw whole documents again. `counts`
    holds the five counts of SemEval for each of its schemes; `n_documents` the documents that were drawn from. `note`
    says where the labels of both sides do not fit together.
    """

    measures: tuple[Measure, ...]
    counts: Mapping[str, SchemeCounts]
    n_documents: int
    note: str = ""

    def measure(self, name: str, scheme: str = "strict", label: str = ALL_LABELS) -> Measure:
        """The one measure of that name, scheme and label; KeyError, naming what there is, where there is none."""
        asked = {"scheme": scheme, "label": label}
        for one in self.measures:
            if one.name == name and dict(one.about) == asked:
                return one
        have = [sorted({str(m.about[key]) for m in self.measures}) for key in asked]
        raise KeyError(f"no {name!r} of {asked}; there are {FIGURES} of schemes {have[0]} and labels {have[1]}.")

    def to_pandas(self) -> pandas.DataFrame:
        """A row for every scheme, label and figure: scheme, label, figure, value, low, high, n, note."""
        import pandas

        rows = [
            {**m.about, "figure": m.name, "value": m.value, "low": low, "high": high, "n": m.n, "note": m.note}
            for m in self.measures
            for low, high in [m.interval or (np.nan, np.nan)]
        ]
        return pandas.DataFrame(rows)

    def save(self, path: str | Path) -> None:
        """Write the scores as JSON: `path`/scores.json, or `path` itself where it ends in .json."""
        from .scores_store import save  # imported here: the store reads EntityScores

        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> EntityScores:
        """Read what `save` wrote; ValueError for a file of another kind."""
        from .scores_store import load

        return load(path)

    def __repr__(self) -> str:
        parts = [str(self.measure("F1")), f"{self.n_documents} documents", self.note]
        return f"EntityScores({', '.join(part for part in parts if part)})"


def entity_scores(
    documents: Sequence[Document],
    predictions: Sequence[Prediction],
    labels: Labels = None,
    group: Callable[[Document], str] | None = None,
    rng: int | np.random.Generator = 0,
) -> EntityScores:
    """Score predictions against the gold spans of their documents.

    `labels` are the ones that count, on both sides (default: all); give them where the corpus does not annotate
    everything that the model predicts, or {label of the corpus: label of the model} where they are written
    differently. `group` names the whole document that a text is from (default: what `document_names` finds): sentences
    of one document are drawn together. Under a label, gold spans of that label count for recall and predicted ones for
    precision, as they were matched among all labels. Raises ValueError for lists of different lengths or spans that
    leave the text, TypeError for anything but Documents and Predictions.
    """
    sides = counted_spans(documents, predictions, labels)
    return score_spans(sides, document_names(documents, group), rng)


def score_spans(sides: CountedSpans, wholes: Sequence[str], rng: int | np.random.Generator = 0) -> EntityScores:
    """Score the predicted spans of each text against its gold spans; `wholes` names the document of each text."""
    names = sorted({span.label for spans in (*sides.gold, *sides.predicted) for span in spans})
    per_text = [text_counts(g, p, match_spans(g, p), names) for g, p in zip(sides.gold, sides.predicted, strict=True)]
    shape = (len(names) + 1, len(SIDES), len(COLUMNS))
    table = np.zeros((len(per_text), *shape))
    for row, counts in zip(table, per_text, strict=True):
        row[0], row[1:] = counts.sum(axis=0), counts
    sums = sum_by_document(table, wholes).reshape(-1, int(np.prod(shape)))
    values = bootstrap_statistics(sums, lambda parts: _flat_figures(parts, shape), rng)
    total: Ints = table.sum(axis=0).astype(np.int64)
    return EntityScores(_measures(values, [ALL_LABELS, *names], total), scheme_counts(total[0]), len(sums), sides.note)


def _flat_figures(parts: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    found = figures(parts.reshape(*parts.shape[:-1], *shape))
    return found.reshape(*parts.shape[:-1], -1)


def _measures(values: Sequence[Bootstrapped], labels: Sequence[str], total: Ints) -> tuple[Measure, ...]:
    gold, predicted = np.moveaxis(total[..., :5].sum(axis=-1), -1, 0).tolist()
    made = []
    for value, (row, scheme, name) in zip(values, product(range(len(labels)), CREDITS, FIGURES), strict=True):
        about = {"scheme": scheme, "label": labels[row]}
        what, n = {
            "precision": ("predicted", predicted[row]), "recall": ("gold", gold[row]),
            "F1": ("gold and predicted", gold[row] + predicted[row]),
        }[name]  # fmt: skip
        scale = _SCALE.format(what)
        if np.isnan(value.value):
            made.append(not_available(name, f"there are no {what} spans", scale, about))
        else:
            made.append(Measure(name, value.value, value.interval, n, scale, True, about, value.note))
    return tuple(made)
