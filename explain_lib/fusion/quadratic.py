"""A convex quadratic of weights: what a weighted sum of members loses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Quadratic:
    """w ↦ w'Aw − 2b'w + c: `matrix` A float64[members, members], positive semi-definite, `linear` b, `constant` c."""

    matrix: Floats
    linear: Floats
    constant: float = 0.0

    def __call__(self, weights: Floats) -> float:
        """The loss of weights float64[members]; never below 0, which rounding alone could reach."""
        return max(0.0, float(weights @ self.matrix @ weights - 2 * self.linear @ weights + self.constant))

    def slope(self, weights: Floats) -> Floats:
        """float64[members]: the gradient."""
        return np.asarray(2 * (self.matrix @ weights - self.linear))

    def alone(self) -> Floats:
        """float64[members]: the loss of each member on its own."""
        return np.maximum(np.diag(self.matrix) - 2 * self.linear + self.constant, 0.0)

    def along(self, start: Floats, step: Floats) -> tuple[float, float]:
        """(a, b) of a·t² + b·t, the change of the loss at start + t·step."""
        return float(step @ self.matrix @ step), float(self.slope(start) @ step)

    def times(self, by: float) -> Quadratic:
        """The same loss with another weight, or in another unit."""
        return Quadratic(self.matrix * by, self.linear * by, self.constant * by)

    def only(self, members: npt.NDArray[np.int64]) -> Quadratic:
        """The loss of some of the members, the weights of the others being 0."""
        return Quadratic(self.matrix[np.ix_(members, members)], self.linear[members], self.constant)

    def __add__(self, other: Quadratic) -> Quadratic:
        return Quadratic(self.matrix + other.matrix, self.linear + other.linear, self.constant + other.constant)


def mean_of(losses: Sequence[Quadratic]) -> Quadratic:
    """The mean of some losses over the same members."""
    return reduce(add, losses).times(1 / len(losses))


def squared_error(parts: Floats, truth: Floats) -> Quadratic:
    """E[(parts·w − truth)²] over rows: parts float64[rows, members], truth float64[rows]."""
    n = max(len(truth), 1)
    return Quadratic(parts.T @ parts / n, parts.T @ truth / n, float(truth @ truth) / n)


def squared_size(changes: Floats) -> Quadratic:
    """E[|changes·w|²]: changes float64[draws, units, members], a sum over units and a mean over draws."""
    flat = changes.reshape(-1, changes.shape[-1])
    return Quadratic(flat.T @ flat / len(changes), np.zeros(changes.shape[-1]))


def distance_to(weights: Floats) -> Quadratic:
    """w ↦ |w − weights|²."""
    return Quadratic(np.eye(len(weights)), weights, float(weights @ weights))
