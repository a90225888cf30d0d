"""Infidelity: how far the sums of scores are from what hiding really changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Infidelity:
    """Squared errors over rows, in squared units of the score, with standard errors over rows.

    `value` = E[(I·phi − df)²]; `beta` = E[(I·phi) df] / E[(I·phi)²] is the factor that makes it smallest and `scaled`
    what is left then (the fitted factor costs a degree of freedom); `nothing` = E[df²] is what an attribution of zeros
    gets. `share` = 1 − scaled / nothing is the share of the changes that the best multiple explains. `beta` and what
    follows from it are NaN where the scores are zeros or there is a single row.
    """

    value: float
    std_error: float
    beta: float
    scaled: float
    scaled_error: float
    nothing: float
    n_rows: int

    @property
    def share(self) -> float:
        """R² about zero; NaN where hiding changes nothing."""
        return 1 - self.scaled / self.nothing if self.nothing > 0 else float("nan")


def infidelity(predicted: npt.ArrayLike, observed: npt.ArrayLike) -> Infidelity:
    """Compare `predicted` float[rows], sums of scores of hidden units, with `observed` changes float[rows].

    Standard errors: of the mean over rows, and by leaving out one row at a time where a factor was fitted. Source: Yeh
    et al. (2019). Raises ValueError for shapes that differ or no rows.
    """
    g, d = np.asarray(predicted, dtype=np.float64), np.asarray(observed, dtype=np.float64)
    if g.shape != d.shape or g.ndim != 1 or not len(g):
        raise ValueError(f"predicted has shape {g.shape}, observed {d.shape}; give one number a row, at least one row.")
    n, squares = len(g), (g - d) ** 2
    error = squares.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
    a, b, c = (g * g).sum(), (g * d).sum(), (d * d).sum()
    if n < 2 or a <= 0:
        return Infidelity(squares.mean(), error, np.nan, np.nan, np.nan, c / n, n)
    left_out = _scaled(a - g * g, b - g * d, c - d * d, n - 1) if n > 2 else np.full(n, np.nan)
    scaled_error = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    return Infidelity(squares.mean(), error, b / a, float(_scaled(a, b, c, n)), scaled_error, c / n, n)


def _scaled(a: npt.ArrayLike, b: npt.ArrayLike, c: npt.ArrayLike, n: int) -> Floats:
    """The mean square that is left after the best factor, from sums over n rows."""
    a, b, c = np.asarray(a), np.asarray(b), np.asarray(c)
    left = c - np.divide(b * b, a, out=np.zeros_like(c), where=a > 0)
    return np.asarray(np.maximum(0.0, left) / (n - 1))
