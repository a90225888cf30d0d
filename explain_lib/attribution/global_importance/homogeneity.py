"""Words that act on one label rather than on all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from explain_lib.core import GlobalAttribution

from .document_means import document_means
from .result import result_of
from .rows import Where, rows_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class HomogeneityWeighted:
    """Importance of a word for a label, weighted by how few labels it acts on.

    I_c = √(Σ |score| over the targets of label c), p_c = I_c / Σ I, H = −Σ p_c·log p_c over the labels, and the score
    is (1 − (H − min H) / (max H − min H))·I_c, min and max over the words. The root of the sum of squares over labels
    is the homogeneity-weighted importance of van der Linden, Haned & Kanoulas (2019, "GALE"); without the weight it is
    the importance that LIME's authors proposed. A label with more targets has larger I_c: labels compete as they occur.

    Errors: jackknife over documents of the mean, carried through the root with count and weight held fixed. `more`:
    "entropy" (H, the same under every label), "unweighted" (I_c). Cost: none to the model. Noise adds to every |score|,
    so words of one occurrence look homogeneous: ask for `min_documents`.
    """

    where: Where = "context"
    folds_case: bool = True

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read a CorpusTable; `rng` is not used."""
        rows = rows_of(source, self.where, self.folds_case)
        found = document_means(replace(rows, score=np.abs(rows.score)))
        sums = np.where(found.counts > 0, found.mean * found.counts, 0.0)
        importance = np.sqrt(sums)
        entropy = _entropy(importance)
        weight = _weight(entropy)[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.sqrt(found.variance) * found.counts / (2 * importance)
        seen = found.counts > 0
        one = ("There is one label: every word is homogeneous and the weight is 1.",) if len(rows.labels) == 1 else ()
        return result_of(
            self, rows, found, np.where(seen, weight * importance, np.nan), weight * error,
            "root of the summed absolute scores, weighted by homogeneity",
            {"entropy": np.where(seen, entropy[:, None], np.nan), "unweighted": np.where(seen, importance, np.nan)},
            one,
        )  # fmt: skip


def _entropy(importance: Floats) -> Floats:
    """float64[words] in nats; 0 for a word that does nothing."""
    total = importance.sum(axis=1, keepdims=True)
    share = importance / np.where(total > 0, total, 1)
    return np.asarray(-np.sum(share * np.log(np.where(share > 0, share, 1)), axis=1))


def _weight(entropy: Floats) -> Floats:
    low, high = entropy.min(), entropy.max()
    return 1 - (entropy - low) / (high - low) if high > low else np.ones_like(entropy)
