"""Counts of a corpus from which every entity score is read: a row a document, so that documents can be drawn again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from explain_lib.core import Span

from .matching import Matching

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

COLUMNS = ("exact and type", "exact", "overlap and type", "overlap", "unmatched", "same start", "same end")
SIDES = ("gold", "predicted")
_ALL_SPANS = 5  # the first columns: every span is in one of them
CREDITS = MappingProxyType(
    {
        "strict": (1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        "exact": (1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        "partial": (1.0, 1.0, 0.5, 0.5, 0.0, 0.0, 0.0),
        "type": (1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0),
        "left boundary": (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        "right boundary": (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
    }
)
"""What a span in each of COLUMNS earns under each scheme."""
FIGURES = ("precision", "recall", "F1")


@dataclass(frozen=True)
class SchemeCounts:
    """The five counts of SemEval-2013 task 9.1 under one scheme."""

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int

    @property
    def possible(self) -> int:
        """Gold spans."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """Predicted spans."""
        return self.correct + self.incorrect + self.partial + self.spurious


def text_counts(gold: Sequence[Span], predicted: Sequence[Span], matching: Matching, labels: Sequence[str]) -> Ints:
    """int[labels, SIDES, COLUMNS] of one text; each span, gold or predicted, counts under its own label."""
    at = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(SIDES), len(COLUMNS)), np.int64)
    for match in matching.matches:
        one, other = gold[match.gold], predicted[match.predicted]
        columns = np.zeros(len(COLUMNS), np.int64)
        columns[[match.tier, 5, 6]] = 1, one.start == other.start, one.end == other.end
        counts[at[one.label], 0] += columns
        counts[at[other.label], 1] += columns
    for side, (spans, alone) in enumerate([(gold, matching.unmatched_gold), (predicted, matching.unmatched_predicted)]):
        for i in alone:
            counts[at[spans[i].label], side, 4] += 1
    return counts


def figures(counts: npt.ArrayLike) -> Floats:
    """float[..., schemes, FIGURES] of counts [..., SIDES, COLUMNS].

    Precision is what the predicted spans earn over their number, recall what the gold spans earn over theirs; NaN
    without such spans. F1 is 2PR / (P + R), 0 where only one side has spans, NaN where neither has.
    """
    table = np.asarray(counts, np.float64)
    earned = np.einsum("...sc,kc->...ks", table, np.array(list(CREDITS.values())))
    n = table[..., :_ALL_SPANS].sum(axis=-1)[..., None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        recall, precision = np.moveaxis(np.where(n > 0, earned / n, np.nan), -1, 0)
        sum_of_both = np.nan_to_num(precision) + np.nan_to_num(recall)
        f1 = np.where(sum_of_both > 0, 2 * precision * recall / sum_of_both, 0.0)
    f1 = np.where((n == 0).all(axis=-1), np.nan, np.where((n == 0).any(axis=-1), 0.0, f1))
    return np.stack([precision, recall, f1], axis=-1)


def scheme_counts(counts: Ints) -> dict[str, SchemeCounts]:
    """The counts of the four schemes of SemEval, of int[SIDES, COLUMNS] summed over labels."""
    exact_type, exact, overlap_type, overlap, missed = counts[0, :_ALL_SPANS].tolist()
    spurious, all_exact = int(counts[1, 4]), exact_type + exact
    all_overlaps = overlap_type + overlap
    return {
        "strict": SchemeCounts(exact_type, exact + all_overlaps, 0, missed, spurious),
        "exact": SchemeCounts(all_exact, all_overlaps, 0, missed, spurious),
        "partial": SchemeCounts(all_exact, 0, all_overlaps, missed, spurious),
        "type": SchemeCounts(exact_type + overlap_type, exact + overlap, 0, missed, spurious),
    }
