"""The scores of a corpus as a GlobalAttribution, for reading and showing."""

from __future__ import annotations

import numpy as np

from explain_lib.core.global_attribution import GlobalAttribution

from .corpus_scores import CorpusScores, shrunk


def as_global(scores: CorpusScores, method: str) -> GlobalAttribution:
    """Shrunk mean scores of words by kind of target; a word in one document has no standard error (NaN)."""
    shape = len(scores.words), len(scores.kinds)
    mean, error, dof = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)
    counts, documents = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for at in range(len(scores.kinds)):
        sums = scores.totals[at]
        n, score, variance, _, _ = shrunk(sums)
        seen, often = n > 0, sums[:, 4] > 1
        mean[seen, at], error[often, at] = score[seen], np.sqrt(variance[often])
        counts[:, at], documents[:, at] = np.rint(n), np.rint(sums[:, 4])
        dof[:, at] = np.maximum(documents[:, at] - 1, 0)
    return GlobalAttribution(
        scores.words, scores.kinds, mean, error, dof, counts, documents, recipe="corpus scores of a fusion",
        quantity="mean score in units of the model's score, shrunk to the mean of its kind", method=method,
    )  # fmt: skip
