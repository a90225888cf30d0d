"""Games with known answers, shared by the tests of attribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.game import Game

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def harsanyi_game(n_units: int, terms: Sequence[tuple[Sequence[int], Sequence[float]]]) -> tuple[Game, Floats]:
    """A sum of terms (units, worth per target), each paid when all its units are kept, and its Shapley values.

    The Shapley value shares each worth equally among the units of its term.
    """
    members = np.zeros((n_units, len(terms)))
    for column, (units, _) in enumerate(terms):
        members[list(units), column] = 1
    worth = np.array([w for _, w in terms], dtype=np.float64).reshape(len(terms), -1)
    sizes = members.sum(axis=0)

    def function(keep: Bools) -> Floats:
        return np.asarray((keep @ members == sizes) @ worth)

    return Game(function, n_units, worth.shape[1]), (members / sizes) @ worth


def random_game(n_units: int, seed: int, n_targets: int = 1) -> tuple[Game, Floats]:
    """Three interactions per unit, of one to five units each, and the exact Shapley values."""
    rng = np.random.default_rng(seed)
    terms = [
        (rng.choice(n_units, size=min(n_units, rng.integers(1, 6)), replace=False), rng.normal(size=n_targets))
        for _ in range(3 * n_units)
    ]
    return harsanyi_game(n_units, terms)


def smooth_game(n_units: int, seed: int) -> Game:
    """A random network with one hidden layer: every unit interacts with every other."""
    rng = np.random.default_rng(seed)
    weight, bias, out = rng.normal(size=(n_units, 24)) * 2 / np.sqrt(n_units), rng.normal(size=24), rng.normal(size=24)
    return Game(lambda keep: np.tanh(keep @ weight + bias) @ out, n_units)


def saturating_game(n_units: int, seed: int) -> Game:
    """Groups of units that stand in for one another, under a logarithm that flattens the top: most gains are rare."""
    rng = np.random.default_rng(seed)
    groups = [rng.choice(n_units, size=rng.integers(2, 5), replace=False) for _ in range(max(2, n_units // 3))]
    strength = np.zeros((n_units, len(groups)))
    for column, group in enumerate(groups):
        strength[group, column] = rng.exponential(2, size=len(group))
    height, slope = rng.normal(size=len(groups)) * 2, rng.normal(size=n_units) * 0.3

    def function(keep: Bools) -> Floats:
        raised = (1 - np.exp(-(keep @ strength))) @ height + keep @ slope
        return np.asarray(-np.log1p(np.exp(-2 * raised)))

    return Game(function, n_units)


def table_game(values: Floats) -> Game:
    """Any game: values float64[2 ** units, targets], row r for the subset of the set bits of r."""
    n_units = int(len(values)).bit_length() - 1
    return Game(lambda keep: values[keep @ (1 << np.arange(n_units))], n_units, values.shape[1])


def masked(
    function: Callable[[Floats], Floats], x: Sequence[float], baseline: Sequence[float], n_targets: int = 1
) -> Game:
    """The game of a function of real inputs: a hidden unit takes its baseline value."""
    present, absent = np.array(x, dtype=np.float64), np.array(baseline, dtype=np.float64)
    return Game(lambda keep: function(np.where(keep, present, absent)), len(present), n_targets)


def net_m(x: Floats) -> Floats:
    """Net M of the yardstick: float64[n, 2] from inputs float64[n, 3]."""
    hidden = np.maximum(x.sum(axis=1, keepdims=True) + np.array([-10, 1, 1, 1]), 0).sum(axis=1)
    return np.stack([hidden - 1, hidden + 1], axis=1)


@dataclass
class Spy:
    """Wraps a game and writes down every row it is asked for."""

    inner: Game
    rows: list[bytes] = field(default_factory=list)

    @property
    def game(self) -> Game:
        def function(keep: Bools) -> Floats:
            self.rows.extend(row.tobytes() for row in keep)
            return self.inner.value(keep)

        return replace(self.inner, function=function)

    @property
    def n_distinct(self) -> int:
        return len(set(self.rows))
