"""Student-t intervals: of scores with their errors, of one number, and of a mean."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]
EVERYWHERE = -math.inf, math.inf


def half_width(std_error: Floats, dof: Floats, level: float) -> Floats:
    """Half the width of t intervals, of the shape of `std_error`: 0 where that is 0, NaN where it is NaN."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie strictly between 0 and 1, for example 0.95.")
    from scipy.stats import t  # imported here: the core loads NumPy only

    with np.errstate(invalid="ignore"):
        return np.where(std_error == 0, 0.0, t.ppf(0.5 + level / 2, dof) * std_error)


def score_intervals(scores: Floats, std_error: Floats, dof: Floats, level: float) -> Floats:
    """float64[2, ...] of scores float64[...]: lower, then upper bounds."""
    half = half_width(std_error, dof, level)
    return np.stack([scores - half, scores + half])


def interval_of(value: float, std_error: float, dof: float, within: Interval = EVERYWHERE) -> Interval | None:
    """The 95 % interval of one number, cut at the ends of its range; None where the error is not known."""
    half = float(half_width(np.asarray(std_error), np.asarray(dof), 0.95))
    return None if math.isnan(half) else (max(within[0], value - half), min(within[1], value + half))


def interval_of_mean(values: Floats, within: Interval = EVERYWHERE) -> Interval | None:
    """The 95 % interval of the mean of independent values float64[n]; None for fewer than two."""
    n = len(values)
    error = float(values.std(ddof=1) / np.sqrt(n)) if n > 1 else math.nan
    return interval_of(float(values.mean()), error, n - 1, within) if n else None
