"""What interactions beyond a fit are expected to do to it: random effects of one variance, by their order.

In the code x = +1 for kept and −1 for hidden units, a subset and its complement differ by the effects of 1, 3, 5 …
units and sum to those of 2, 4, 6 … units. A regression on differences (sums) is therefore disturbed by triples (fours)
first. Expecting them makes it sharper; with noise by the weights of the regression it stays consistent for any game
(see `pair_regression.kriged_fit`).
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NOISE = 1.0  # variance of what a fit leaves over besides its random effects, over theirs: neither is favoured
MOST_PAIRS = 3000  # beyond, inverting a matrix of pairs × pairs takes longer than it is worth


def triples(signs: Floats, others: Floats | None = None) -> Floats:
    """float64[rows, others]: covariance of the effects of three units, one variance in all; codes ±1 [rows, units]."""
    n_units, products = signs.shape[1], signs @ (signs if others is None else others).T
    cubic = products * (products * products - (3 * n_units - 2))  # ** 3 would take longer than the whole fit
    return np.asarray(cubic / 6 / max(1, comb(n_units, 3)))


def fours(signs: Floats, others: Floats | None = None) -> Floats:
    """float64[rows, others]: the same for effects of four units (Newton's identities on ±1)."""
    n, square = signs.shape[1], (signs @ (signs if others is None else others).T) ** 2
    return np.asarray((square * (square - (6 * n - 8)) + 3 * n * n - 6 * n) / 24 / max(1, comb(n, 4)))


def noise(weight: Floats) -> Floats:
    """float64[rows, rows]: independent noise whose variances are the inverse weights of a regression."""
    return np.diag(NOISE / weight / np.mean(1 / weight))
