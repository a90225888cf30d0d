"""A linear probe: the direction in which states of examples differ from states of other units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
HELD_BACK = 1 / 3


@dataclass(frozen=True, eq=False)
class Vector:
    """`direction` float64[width] of length 1, towards the examples; `accuracy` on documents held back (NaN: none)."""

    direction: Floats
    accuracy: float


@dataclass(frozen=True, eq=False)
class Probe:
    """Ridge regression of ±1 on states, as many other units as examples, a third of the documents held back.

    Shapes: `states` float32[units, width]; `document` int64[units]. `ridge` multiplies the mean variance of a number of
    a state, so that it does not depend on their scale. Solved in closed form, in the smaller of both dimensions.
    """

    states: npt.NDArray[np.float32]
    document: Ints
    max_examples: int
    ridge: float

    def fit(self, is_example: Bools, rng: np.random.Generator, left_out: Bools | None = None) -> Vector:
        """One draw of examples, other units (none of those `left_out`) and documents held back."""
        other = ~is_example if left_out is None else ~is_example & ~left_out
        yes, no = np.flatnonzero(is_example), np.flatnonzero(other)
        n = min(len(yes), len(no), self.max_examples)
        chosen = np.concatenate([rng.choice(yes, n, replace=False), rng.choice(no, n, replace=False)])
        is_yes = np.arange(2 * n) < n
        held = rng.random(int(self.document.max()) + 1)[self.document[chosen]] < HELD_BACK
        if not _has_both(is_yes[~held]):
            held[:] = False
        x, y = self.states[chosen].astype(np.float64), np.where(is_yes, 1.0, -1.0)
        centre = x[~held].mean(axis=0)
        direction, threshold = self._ridge(x[~held] - centre, y[~held])
        said = (x[held] - centre) @ direction > threshold
        right = [np.mean(said[is_yes[held] == side] == side) for side in (True, False) if (is_yes[held] == side).any()]
        return Vector(direction, float(np.mean(right)) if len(right) == 2 else np.nan)

    def _ridge(self, x: Floats, y: Floats) -> tuple[Floats, float]:
        """The unit normal, and where along it the prediction changes its sign."""
        penalty = self.ridge * max(float(x.var(axis=0).mean()), np.finfo(float).tiny) * len(x)
        rows, columns = x.shape
        if rows < columns:
            weights = x.T @ np.linalg.solve(x @ x.T + penalty * np.eye(rows), y - y.mean())
        else:
            weights = np.linalg.solve(x.T @ x + penalty * np.eye(columns), x.T @ (y - y.mean()))
        length = float(np.linalg.norm(weights))
        if not length > 0:
            return np.zeros(columns), 0.0
        return weights / length, -float(y.mean()) / length


def random_examples(group: Ints, is_example: Bools, n: int, rng: np.random.Generator) -> Bools:
    """bool[units]: about `n` units that are no examples, in whole groups (words) that are drawn at random."""
    counts = np.bincount(group[~is_example], minlength=int(group.max()) + 1)
    order = rng.permutation(np.flatnonzero(counts))
    n_groups = int(np.searchsorted(np.cumsum(counts[order]), n)) + 1
    return np.isin(group, order[:n_groups]) & ~is_example


def _has_both(is_yes: Bools) -> bool:
    return bool(is_yes.any() and not is_yes.all())
