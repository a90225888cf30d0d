"""Norms of changes with safe denominators."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SHARE_OF_LARGEST = 1e-3
"""Denominators are at least this share of the largest entry, so that an entry near 0 does not decide all."""


def change_size(before: Floats, after: Floats) -> float:
    """‖after − before‖."""
    return float(np.linalg.norm(after - before))


def relative_size(before: Floats, after: Floats) -> float:
    """‖after − before‖ / ‖before‖ of two vectors; 0 where both are 0, infinite where only `before` is."""
    change, size = np.linalg.norm(after - before), np.linalg.norm(before)
    return 0.0 if change == 0 else float(change / size) if size else np.inf


def elementwise_change(before: Floats, after: Floats) -> float:
    """‖(after − before) / before‖ with safe denominators: no entry of `before` counts as less than 1e-3 · the largest.

    0 where nothing changed; infinite where `before` is 0 everywhere and `after` is not.
    """
    if np.array_equal(before, after):
        return 0.0
    sizes = np.abs(before)
    least = SHARE_OF_LARGEST * sizes.max(initial=0)
    return float(np.linalg.norm((after - before) / np.maximum(sizes, least))) if least else np.inf
