"""Weighted ridge regression on pairs of rows that were drawn together, and what its slopes are without each pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .pair_regression import pair_weights

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PairedRidge:
    """A ridge regression with a free intercept.

    Shapes: `slopes` float64[units, targets]; `rows` float64[rows, 1 + units]; `gain` float64[rows, 1 + units]: how far
    each row moves the coefficients; `residual` float64[rows, targets].
    """

    slopes: Floats
    rows: Floats
    gain: Floats
    residual: Floats

    def error(self, pairs: Bools) -> Floats:
        """Standard error float64[units, targets] by leave-one-pair-out; `pairs` are the first rows of the fit.

        The root of the sum over pairs of (1 − inclusion probability) · (shift of the slopes without the pair)², sizes
        being strata: rows that were not left to chance do not count. NaN where a pair carries the fit alone.
        """
        unsampled = 1 - pair_weights(pairs.shape[1], pairs[::2].sum(axis=1))[1]
        shape, drawn = (len(unsampled), 2, -1), unsampled > 0
        parts = (part[: len(pairs)].reshape(shape)[drawn] for part in (self.rows, self.gain, self.residual))
        rows, gain, residual = parts
        left_out = without_own(rows @ gain.swapaxes(1, 2), residual) * np.sqrt(unsampled[drawn])[:, None, None]
        moves = gain[:, :, 1:]
        squares = [(moves[:, i] * moves[:, j]).T @ (left_out[:, i] * left_out[:, j]) for i in (0, 1) for j in (0, 1)]
        return np.sqrt(np.maximum(sum(squares), 0))


def fit_paired_ridge(keep: Bools, values: Floats, weight: Floats, ridge: float) -> PairedRidge:
    """Fit `values` float64[rows, targets] by `keep` bool[rows, units] with `weight` float64[rows].

    The intercept is free of the penalty.
    """
    rows = np.concatenate([np.ones((len(keep), 1)), keep], axis=1)
    penalty = np.diag([0.0] + [ridge] * keep.shape[1])
    gain = weight[:, None] * np.linalg.solve(rows.T @ (weight[:, None] * rows) + penalty, rows.T).T
    coefficients = gain.T @ values
    return PairedRidge(coefficients[1:], rows, gain, values - rows @ coefficients)


def without_own(share: Floats, residual: Floats) -> Floats:
    """float64[pairs, 2, targets]: the residuals of each pair under the fit without it, (1 − share)⁻¹ · residual.

    `share` float64[pairs, 2, 2]: how far each row of the pair moves the fit at each. NaN where a pair carries the fit.
    """
    slack = np.eye(2) - share
    whole = slack[:, 0, 0] * slack[:, 1, 1] - slack[:, 0, 1] * slack[:, 1, 0]
    adjugate = np.trace(slack, axis1=1, axis2=2)[:, None, None] * np.eye(2) - slack
    return np.asarray(adjugate @ residual / np.where(whole > 1e-9, whole, np.nan)[:, None, None])
