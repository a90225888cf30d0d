"""Student-t intervals of scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def half_width(std_error: Floats, dof: Floats, level: float) -> Floats:
    """Half the width of t intervals, of the shape of `std_error`: 0 where that is 0, NaN where it is NaN."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie strictly between 0 and 1, for example 0.95.")
    from scipy.stats import t  # imported here: the core loads NumPy only

    with np.errstate(invalid="ignore"):
        return np.where(std_error == 0, 0.0, t.ppf(0.5 + level / 2, dof) * std_error)
