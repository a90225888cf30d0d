"""Read-only NumPy arrays: the only kind that a noun of the library holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def read_only(values: npt.ArrayLike, dtype: npt.DTypeLike, ndim: int, name: str) -> npt.NDArray[Any]:
    """Return a read-only copy of `values` with the given dtype, or raise if its number of axes is wrong."""
    array = np.array(values, dtype=dtype)
    if array.ndim != ndim:
        raise ValueError(f"{name} has {array.ndim} axes (shape {array.shape}); it needs {ndim}.")
    array.setflags(write=False)
    return array


def check_shape(array: npt.NDArray[Any], shape: tuple[int, ...], name: str, why: str) -> None:
    """Raise a ValueError that names got and needed shape unless `array` has exactly `shape`."""
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; {why} needs {shape}.")
