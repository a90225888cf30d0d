"""How strongly a word acts on a label, in whatever direction."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explain_lib.core import GlobalAttribution

from .document_means import document_means
from .result import result_of
from .rows import Where, rows_of


@dataclass(frozen=True)
class GlobalShap:
    """Mean absolute score of a word for a label, over its occurrences.

    What `shap` calls global importance (Lundberg & Lee, 2017), for scores of any method. Errors: jackknife over
    documents. `more`: "total", the sum of absolute scores, which ranks common words above rare ones; "noise".
    Cost: none to the model. Noise alone gives a positive mean: a word whose "noise" part is not far below its score has
    not been shown to act at all, so prefer WordImportance for sampled scores with few rows.
    """

    where: Where = "context"
    folds_case: bool = True

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read a CorpusTable; `rng` is not used."""
        rows = rows_of(source, self.where, self.folds_case)
        found = document_means(replace(rows, score=np.abs(rows.score)))
        return result_of(
            self, rows, found, found.mean, np.sqrt(found.variance), "mean absolute score of an occurrence of the word",
            {"total": np.where(found.counts > 0, found.mean * found.counts, np.nan), "noise": found.noise},
        )  # fmt: skip
