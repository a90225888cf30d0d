"""Agreement of signs, as one more similarity of attributions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explain_lib.statistics import Similarity

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def _signs(values: Floats, present: Bools) -> Floats:
    return np.sign(values)


def _equal(x: Floats, y: Floats, present: Bools) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray((x * y > 0).sum(axis=-1) / ((x != 0) & (y != 0)).sum(axis=-1))


sign_agreement = Similarity("sign agreement", 0.0, _signs, _equal)
"""The share of units with the same sign among those that neither attribution scores 0, from 0 to 1."""
