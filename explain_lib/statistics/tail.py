"""The worst part of a set of figures: a mean hides it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def worst_mean(values: npt.ArrayLike, share: float = 0.1, higher_is_better: bool = True) -> Floats:
    """float[...]: the mean of the worst `share` of float[..., edits] (conditional value at risk, CVaR).

    A part of a value counts by that part: of 25 values the worst tenth is the worst two and half of the third. Fewer
    than 1 / share values give the worst one. NaN values are left out; NaN where none is left. Raises ValueError for a
    share outside (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; it must lie above 0 and be at most 1, for example 0.1.")
    given = np.asarray(values, np.float64)
    ordered = np.sort(given if higher_is_better else -given, axis=-1)  # NaN last
    n = (~np.isnan(ordered)).sum(axis=-1, keepdims=True)
    size = np.maximum(share * n, 1.0)
    weights = np.clip(size - np.arange(ordered.shape[-1]), 0.0, 1.0)
    with np.errstate(invalid="ignore"):
        total = np.where(weights > 0, np.nan_to_num(ordered) * weights, 0.0).sum(axis=-1)
        mean = np.where(n[..., 0] > 0, total / size[..., 0], np.nan)
    return np.asarray(mean if higher_is_better else -mean)
