"""Holm's correction for several tests at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def holm(p_values: npt.ArrayLike) -> Floats:
    """Adjusted p values float[tests]: reject where one is at most alpha, and the chance of any false claim is alpha.

    Sorted p values are multiplied by the number of tests that are left, never fall along the order, and stop at 1
    (Holm, 1979). NaN (not tested) stays NaN and does not count as a test. Raises ValueError outside 0 to 1.
    """
    given = np.asarray(p_values, np.float64)
    if given.ndim != 1 or (given < 0).any() or (given > 1).any():
        raise ValueError(f"p values have shape {given.shape}; they need one axis and values from 0 to 1.")
    adjusted = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    left = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(given[order] * left))
    return adjusted
