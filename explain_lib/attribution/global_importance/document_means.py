"""Means of occurrences whose errors treat documents, not occurrences, as what is independent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from .rows import Rows

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Means:
    """Means by word and label.

    Shapes: all [words, labels]. `mean` NaN without an occurrence; `variance` of the mean, NaN for one document; `noise`
    is the part of its standard error that the attributions' own errors make (NaN where one is unknown).
    """

    mean: Floats
    variance: Floats
    dof: Floats
    counts: Ints
    documents: Ints
    noise: Floats


def document_means(rows: Rows) -> Means:
    """Mean score of each word under each label, over all its occurrences.

    The variance is the jackknife over documents: (D − 1) / D · Σ (mean without the document − mean)². The spread
    between documents holds the noise of the attributions already, since every document draws its own; their errors are
    a floor, for few documents that agree by chance. Within a document they are taken to be wholly correlated (targets
    share rows), a safe bound. Degrees of freedom: the effective number of documents, n² / Σ n_d², less one, and at
    least 1.
    """
    words, labels = rows.shape
    group, inside, n_cells = _cells(rows)
    total, size = (np.bincount(inside, weights, n_cells) for weights in (rows.score, None))
    noise = np.bincount(inside, rows.std_error, n_cells)
    n_groups = words * labels
    count, documents = np.bincount(group, size, n_groups), np.bincount(group, minlength=n_groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(group, total, n_groups) / count
        without = (mean[group] * size - total) / (count[group] - size)  # mean without the document − mean
        spread = np.bincount(group, without**2, n_groups) * (documents - 1) / documents
        noise_part = np.sqrt(np.bincount(group, noise**2, n_groups)) / count
        effective = count**2 / np.bincount(group, size**2, n_groups)
    few = documents < 2
    variance = np.where(few, np.nan, np.fmax(spread, noise_part**2))
    dof = np.where(few, np.nan, np.maximum(1, effective - 1))
    grid = partial(np.reshape, shape=(words, labels))
    counts = grid(count.astype(np.int64)), grid(documents)
    return Means(grid(mean), grid(variance), grid(dof), *counts, grid(noise_part))


def _cells(rows: Rows) -> tuple[Ints, Ints, int]:
    """The (word, label) of each cell (word, label, document) that occurs, and the cell of each row."""
    n_documents = len(rows.documents)
    key = (rows.word * len(rows.labels) + rows.label) * n_documents + rows.document
    cells, inside = np.unique(key, return_inverse=True)
    return cells // n_documents, inside.ravel(), len(cells)
