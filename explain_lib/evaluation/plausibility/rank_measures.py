"""How well a ranking of units finds the marked ones, and what a random ranking gets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def average_precision(scores: Floats, marked: Bools) -> float:
    """The area under the precision-recall curve by steps, units by falling score; tied units enter together."""
    _, group = np.unique(-scores, return_inverse=True)
    hits, found = np.bincount(group, marked), np.bincount(group)
    precision = np.cumsum(hits) / np.cumsum(found)
    return float((precision * hits).sum() / marked.sum())


def random_average_precision(n_units: int, n_marked: int) -> float:
    """What `average_precision` is on average over all orders of the units.

    At place k of n a marked unit stands with chance m/n, and (m − 1)/(n − 1) of the k − 1 units before it are marked.
    """
    if n_units == 1:
        return 1.0
    others, harmonic = (n_marked - 1) / (n_units - 1), float((1 / np.arange(1, n_units + 1)).sum())
    return others + (1 - others) * harmonic / n_units


def strongest(scores: Floats, k: int) -> Floats:
    """float[units]: 1 for the k highest scores; units tied at the border share the places that are left."""
    k = min(k, len(scores))
    border = np.sort(scores)[::-1][k - 1]
    above, tied = scores > border, scores == border
    return np.where(above, 1.0, np.where(tied, (k - above.sum()) / tied.sum(), 0.0))


def f1(hits: float, n_found: int, n_marked: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / (n_found + n_marked)


def overlap(hits: float, n_found: int, n_marked: int) -> float:
    """Intersection over union of the found and the marked units."""
    return hits / (n_found + n_marked - hits)


def random_overlap(n_units: int, n_found: int, n_marked: int) -> float:
    """The mean of `overlap` over all choices of `n_found` units (hits are hypergeometric)."""
    from scipy.stats import hypergeom  # imported here: slow to load

    hits = np.arange(min(n_found, n_marked) + 1)
    chances = hypergeom.pmf(hits, n_units, n_marked, n_found)
    return float((chances * hits / (n_found + n_marked - hits)).sum())
