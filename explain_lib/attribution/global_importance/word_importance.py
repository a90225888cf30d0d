"""What a word does to a label on average, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import GlobalAttribution

from .document_means import Means, document_means
from .result import result_of
from .rows import Rows, Where, rows_of
from .runs import runs

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WordImportance:
    """Mean score of a word for a label, drawn towards the mean of the label: (n·mean + kappa·mean_label) / (n + kappa).

    `kappa` counts occurrences: a word seen that often lies half-way. `where` takes units outside their entity
    ("context", the headline arm), inside it ("own") or both. Words are units as the table has them; those that differ
    in case or width only are one (`folds_case`). With `run` above 1, features are runs of so many adjacent units, and
    their scores the sums: two Han characters say more than one. `is_share` divides every score by the sum of absolute
    scores of its target, so that each entity weighs the same; without it scores stay in the unit of the table.

    Errors: jackknife over documents, at least the attributions' own; the pull towards the label's mean is booked as
    error too, so that an interval is about the word's own mean: se² = w²·var + (1 − w)²·(mean − mean_label)² with
    w = n / (n + kappa). `more`: "mean" (before the pull), "noise" (the attributions' own part of its error).

    Cost: none to the model; sorts the rows of the table once. A mean hides what context does: a word that raises a
    label here and lowers it there is near 0.
    """

    kappa: float = 10.0
    where: Where = "context"
    folds_case: bool = True
    is_share: bool = False
    run: int = 1

    def __post_init__(self) -> None:
        if self.run < 1:
            raise ValueError(f"run is {self.run}; it counts adjacent units, so it is 1 or more.")
        if not self.kappa >= 0:
            raise ValueError(f"kappa is {self.kappa}; it counts occurrences, so it is 0 or more (infinity is allowed).")

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read a CorpusTable; `rng` is not used."""
        rows = rows_of(source, self.where, self.folds_case)
        rows = rows.shares() if self.is_share else rows
        rows = rows if self.run == 1 else runs(rows, source, self.run)
        found = document_means(rows)
        scores, std_error = drawn_to_label(rows, found, self.kappa)
        unit = "share of the absolute scores of a target" if self.is_share else "score"
        return result_of(
            self, rows, found, scores, std_error, f"mean {unit} of an occurrence of the word",
            {"mean": found.mean, "noise": found.noise},
        )  # fmt: skip


def drawn_to_label(rows: Rows, found: Means, kappa: float) -> tuple[Floats, Floats]:
    """float64[words, labels] twice: means drawn towards that of their label, and their standard errors."""
    of_label = np.bincount(rows.label, rows.score) / np.bincount(rows.label)
    own = found.counts / np.maximum(found.counts + kappa, np.finfo(float).tiny)
    scores = own * found.mean + (1 - own) * of_label
    variance = own**2 * found.variance + (1 - own) ** 2 * (found.mean - of_label) ** 2
    return np.asarray(scores), np.sqrt(variance)
