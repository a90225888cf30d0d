"""The slopes that lime's regression converges to, as rows grow without end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from games import Bools, Floats

import explain_lib as xl

KERNEL_WIDTH = 0.25


@dataclass(frozen=True)
class ConvergedSlopes:
    """Least squares under lime's law of rows times its kernel, without ridge; exact where all subsets fit.

    lime hides 1 to all units, every number alike, and weighs a row by exp(−(d / 0.25)² / 2), d = 1 − √(kept / units).
    Rows are drawn by the product of both, so that all of them weigh the same and none is nearly lost. The ridge is left
    out because its part vanishes as rows grow. The error is the sandwich of heteroscedastic least squares (HC3).
    """

    rows_per_unit: int

    def attribute(self, question: xl.Query | xl.Game, rng: np.random.Generator) -> xl.Estimate:
        """Score a game, or the active units of a query."""
        if isinstance(question, xl.Query):
            return self.attribute(question.game(), rng).expand(question.active)
        n, n_rows = question.n_units, self.rows_per_unit * question.n_units
        is_exact = 2**n <= n_rows
        keep = (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool) if is_exact else drawn(n, n_rows, rng)
        ends = np.array([[False], [True]]).repeat(n, axis=1)
        base, full = question.value(ends)
        scores, error = fitted(keep, question.value(keep), by_law(keep) if is_exact else np.ones(len(keep)))
        none = np.zeros_like(error)
        return xl.Estimate(scores, none if is_exact else error, np.inf, base, full, len(np.unique(keep, axis=0)))


def size_weights(n: int) -> Floats:
    """float64[n]: the share of all weight on rows that keep 0, 1, … n − 1 units."""
    weight = np.exp(-(((1 - np.sqrt(np.arange(n) / n)) / KERNEL_WIDTH) ** 2) / 2)
    return np.asarray(weight / weight.sum())


def by_law(keep: Bools) -> Floats:
    """float64[2 ** units]: the weight of each of all subsets; the full row has none at infinitely many rows."""
    kept, n = keep.sum(axis=1), keep.shape[1]
    of_size = np.append(size_weights(n) / np.bincount(kept)[:n], 0.0)
    return np.asarray(of_size[kept])


def drawn(n: int, n_rows: int, rng: np.random.Generator) -> Bools:
    """Keep-rows bool[n_rows, n]: sizes in proportion to their weight, one random subset each."""
    sizes = np.searchsorted(np.cumsum(size_weights(n))[:-1], (np.arange(n_rows) + rng.random()) / n_rows)
    ranks = np.argsort(rng.random((n_rows, n)), axis=1)
    return np.asarray(ranks < sizes[:, None])


def fitted(keep: Bools, values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Slopes and their standard errors, float64[units, targets]."""
    rows = np.concatenate([np.ones((len(keep), 1)), keep], axis=1)
    gain = np.linalg.solve(rows.T @ (weight[:, None] * rows), rows.T * weight)
    slopes = gain @ values
    left_out = (values - rows @ slopes) / np.maximum(1 - (gain * rows.T).sum(axis=0), 1e-12)[:, None]
    return slopes[1:], np.sqrt(gain**2 @ left_out**2)[1:]
