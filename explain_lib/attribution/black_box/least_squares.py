"""Weighted least squares that knows what each observation is worth: the fit, and the fit without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fit:
    """A least-squares fit.

    Shapes: `coefficients` float64[unknowns, targets]; `gain` float64[rows, unknowns]: how far each observation moves
    the coefficients; `residual`, `left_out` float64[rows, targets]: its residual, and that under the fit without it.
    Without row r the coefficients are lower by gain_r · left_out_r. `left_out` is NaN where a row carries the fit
    alone, and everywhere where the rows do not determine the coefficients.
    """

    coefficients: Floats
    gain: Floats
    residual: Floats
    left_out: Floats

    def first(self, n_rows: int) -> Fit:
        """The same fit with what it says about its first rows only."""
        return Fit(self.coefficients, self.gain[:n_rows], self.residual[:n_rows], self.left_out[:n_rows])


def fit_rows(rows: Floats, observed: Floats, weight: Floats) -> Fit:
    """Fit `observed` float64[rows, targets] by `rows` float64[rows, unknowns] with `weight` float64[rows]."""
    weighted = weight[:, None] * rows
    gain, has_full_rank = _solved(rows.T @ weighted, weighted)
    coefficients = gain.T @ observed
    slack = 1 - (gain * rows).sum(axis=1)
    slack[(slack < 1e-9) | (not has_full_rank)] = np.nan
    residual = observed - rows @ coefficients
    return Fit(coefficients, gain, residual, residual / slack[:, None])


def fit_correlated(rows: Floats, observed: Floats, covariance: Floats, shares: Floats | None = None) -> Fit:
    """Generalised least squares: what the rows leave over is expected to vary by `covariance` float64[rows, rows].

    `shares` float64[rows, unknowns] is the covariance of an observation with what its random effects add to the
    unknowns themselves; without it they add nothing. `residual` is that of the rows' own fit. `covariance` must be
    positive definite. The time of one Cholesky factor and its inverse, a third of that of a general inverse.
    """
    from scipy.linalg import lapack

    factor = np.linalg.cholesky(covariance)
    root, _ = lapack.dtrtri(factor, lower=1)  # covariance⁻¹ = rootᵀ · root
    inverse = (root**2).sum(axis=0)  # its diagonal
    whitened = root.T @ (root @ rows)
    gain, has_full_rank = _solved(rows.T @ whitened, whitened)
    residual = observed - rows @ (gain.T @ observed)
    slack = inverse - (gain * whitened).sum(axis=1)
    slack[(slack < 1e-9 * inverse) | (not has_full_rank)] = np.nan
    left_out = root.T @ (root @ residual) / slack[:, None]
    if shares is not None:
        spread = root.T @ (root @ shares)
        gain = gain + spread - gain @ (whitened.T @ shares)
    return Fit(gain.T @ observed, gain, residual, left_out)


def _solved(gram: Floats, weighted: Floats) -> tuple[Floats, bool]:
    """weighted · gram⁻¹ float64[rows, unknowns] (on the vectors that the rows determine), and if these are all."""
    try:
        factor = np.linalg.cholesky(gram)
        if np.diag(factor).min(initial=np.inf) > 1e-6 * np.diag(factor).max(initial=0):
            return np.asarray(np.linalg.solve(gram, weighted.T).T, dtype=np.float64), True
    except np.linalg.LinAlgError:
        pass
    values, vectors = np.linalg.eigh(gram)
    used = values > values[-1] * 1e-10
    return weighted @ ((vectors[:, used] / values[used]) @ vectors[:, used].T), bool(used.all())
