"""A plain function with the same `value` as a query: estimators are tested on games with known answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Game:
    """A cooperative game.

    `function` maps keep bool[n, n_units] to float[n] or float[n, n_targets]. `value` checks shapes and finiteness.
    """

    function: Callable[[Bools], npt.ArrayLike]
    n_units: int
    n_targets: int = 1

    def value(self, keep: npt.ArrayLike) -> Floats:
        """float64[n, targets]: the scores of the rows `keep` bool[n, units]."""
        rows = check_keep(keep, self.n_units)
        values = np.asarray(self.function(rows), dtype=np.float64)
        if values.ndim == 1 and self.n_targets == 1:
            values = values[:, None]
        if values.shape != (len(rows), self.n_targets):
            raise ValueError(f"the game returned shape {values.shape}; it needs {(len(rows), self.n_targets)}.")
        if not np.isfinite(values).all():
            raise ValueError(
                f"the game returned NaN or infinity for row {int(np.argmin(np.isfinite(values).all(axis=1)))}; "
                "every value must be finite."
            )
        return values


def check_keep(keep: npt.ArrayLike, n_units: int) -> Bools:
    """Return `keep` as bool[n, n_units], or raise with got and needed shape; numbers other than bools are refused."""
    rows = np.asarray(keep)
    if rows.dtype != np.bool_:
        raise TypeError(f"keep has dtype {rows.dtype}; it needs bool (True = the unit stays as it is).")
    if rows.ndim != 2 or rows.shape[1] != n_units:
        raise ValueError(f"keep has shape {rows.shape}; it needs (rows, {n_units}): one column per unit.")
    return rows
