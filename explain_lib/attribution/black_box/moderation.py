"""The error of few draws, made sturdy by what the units of a text have in common."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PRIOR_DOF = 2  # chosen on made-up games; benchmarks/intervals.py checks it on other seeds and on the demo model
_SAME = 1e-9


def moderated_error(gains: Floats) -> tuple[Floats, float]:
    """Standard errors float64[units, targets] of the mean gain of each unit, and their degrees of freedom.

    `gains` float64[pairs, 2, units, targets]: the gain of a unit along an order and along its reverse. A pair is one
    draw. With s² the variance of a unit's pair means over P pairs, the error is √((2·s₀² + (P − 1)·s²) / (P + 1) / P)
    with P + 1 degrees of freedom: the moderated variance of Smyth (2004), with two prior degrees of freedom. The prior
    s₀² is half the mean of s² over the units of a target, and half the unit's own variance between single orders
    times the ratio of both variances over all units, so that it follows how much the gains of a unit vary. A unit
    whose gains are all the same has error 0. A single pair: NaN with 0 degrees of freedom.
    """
    n_pairs = len(gains)
    if n_pairs < 2:
        return np.full(gains.shape[2:], np.nan), 0
    own = gains.mean(axis=1).var(axis=0, ddof=1)
    single = gains.reshape(2 * n_pairs, *gains.shape[2:])
    spread = single.var(axis=0, ddof=1)
    total = spread.sum(axis=0)
    ratio = own.sum(axis=0) / np.where(total > 0, total, 1)
    prior = (own.mean(axis=0) + ratio * spread) / 2
    variance = (PRIOR_DOF * prior + (n_pairs - 1) * own) / (PRIOR_DOF + n_pairs - 1)
    size = np.abs(single).max(axis=(0, 1), initial=0)
    varies = np.ptp(single, axis=0) > _SAME * size
    return np.where(varies, np.sqrt(variance / n_pairs), 0.0), PRIOR_DOF + n_pairs - 1
