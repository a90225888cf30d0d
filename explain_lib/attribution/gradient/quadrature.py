"""Rules that integrate over [0, 1] from values at nodes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.polynomial import chebyshev

Floats = npt.NDArray[np.float64]


def gauss_legendre(steps: int) -> tuple[Floats, Floats]:
    """Nodes in (0, 1) and weights that add up to 1: exact for polynomials of degree 2 · steps − 1."""
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    return (nodes + 1) / 2, weights / 2


def clenshaw_curtis(level: int) -> Floats:
    """float64[2**level + 1]: nodes from 0 to 1, both included; every other one makes up the level before."""
    return np.asarray((1 - np.cos(np.pi * np.arange(2**level + 1) / 2**level)) / 2)


def running_integrals(nodes: Floats) -> Floats:
    """float64[nodes, nodes]: row j holds the weights of the integral from 0 to node j of the interpolating polynomial.

    The last row of Clenshaw–Curtis nodes is the rule for the whole of [0, 1].
    """
    x, n = 2 * nodes - 1, len(nodes)
    antiderivatives = chebyshev.chebint(np.eye(n), lbnd=-1, axis=1)
    up_to = chebyshev.chebvander(x, n) @ antiderivatives.T
    return np.asarray(np.linalg.solve(chebyshev.chebvander(x, n - 1).T, up_to.T).T / 2)
