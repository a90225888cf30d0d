"""The frame of every interaction method: how many pairs of complements to draw, and what is fitted to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.least_squares import Fit
from explain_lib.attribution.black_box.pair_regression import leave_one_out_error
from explain_lib.perturbation.budget import Budget, PerPair, allowed_rows
from explain_lib.perturbation.game import Game

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
ROWS_PER_PAIR = 3
MAX_UNITS = 80


@dataclass(frozen=True, eq=False)
class PairEstimate:
    """Interactions of a game: `scores`, `std_error` float64[units, units, targets], the rest as in an Estimate."""

    scores: Floats
    std_error: Floats
    dof: float
    base_value: Floats
    full_value: Floats
    n_evals: int


@dataclass(frozen=True)
class PairMethod(ABC):
    """An index of pairwise interactions: a frozen dataclass whose fields are its settings."""

    budget: Budget = PerPair(4)

    @abstractmethod
    def estimate(self, game: Game, rng: np.random.Generator) -> PairEstimate:
        """Main effects and interactions of a game of at least two units."""

    def n_pairs(self, n_units: int) -> int:
        """How many pairs of complements to draw: all where all subsets fit the budget, the pair empty–full not counted.

        Raises ValueError below three rows per pair of units, and for more units than one regression can take.
        """
        n_rows, unknown, name = allowed_rows(self.budget, n_units), n_units * (n_units - 1) // 2, type(self).__name__
        if n_units > MAX_UNITS:
            raise ValueError(
                f"{name} got {n_units} active units, which form {unknown} pairs; allowed are {MAX_UNITS} units. "
                "Choose some: among=strongest_units(attribution, 20), or nearest_units(query, 20)."
            )
        if 2**n_units <= n_rows:
            return int(2 ** (n_units - 1) - 1)
        if n_rows < ROWS_PER_PAIR * unknown:
            raise ValueError(
                f"{name} got {n_rows} rows for {n_units} active units, which form {unknown} pairs; it needs at least "
                f"{ROWS_PER_PAIR * unknown} (three per pair). Raise the budget (PerPair(4) is the default), or choose "
                "some units: among=strongest_units(attribution, 20), or nearest_units(query, 20)."
            )
        return (n_rows - 2) // 2


@dataclass(frozen=True, eq=False)
class Halves:
    """Least squares of a game with pairwise terms, taken apart.

    Half the difference of a subset and its complement knows the units' `shares` only (`odd`), half their sum the
    interactions only (`even`): two fits on the same pairs of rows instead of one on twice the unknowns.
    `shares` float64[units, targets], `unsampled` float64[pairs] = 1 − inclusion probability.
    """

    shares: Floats
    odd: Fit
    even: Fit
    unsampled: Floats

    def dressed(self, pairs: Floats, gain: Floats) -> tuple[Floats, Floats]:
        """Scores and standard errors float64[units, units, targets], from interactions and their gain.

        A main effect is the unit's share less half of its interactions; its error is that of the difference, pair of
        rows by pair of rows.
        """
        shares, n_units = self.shares, len(self.shares)
        first, second = np.triu_indices(n_units, 1)
        touches = np.zeros((len(first), n_units))
        touches[np.arange(len(first)), first] = touches[np.arange(len(first)), second] = 0.5
        scores, error = np.zeros((2, n_units, n_units, shares.shape[1]))
        scores[first, second] = scores[second, first] = pairs
        error[first, second] = error[second, first] = leave_one_out_error(gain, self.even.left_out, self.unsampled)
        diagonal = np.arange(n_units)
        scores[diagonal, diagonal] = shares - touches.T @ pairs
        error[diagonal, diagonal] = self._error_of_difference(gain @ touches)
        return scores, error

    def _error_of_difference(self, gain: Floats) -> Floats:
        counted = self.unsampled > 0
        weight = self.unsampled[counted, None]
        odd, even = self.odd.left_out[counted], self.even.left_out[counted]
        plus, minus = self.odd.gain[counted], gain[counted]
        square = (plus**2).T @ (weight * odd**2) + (minus**2).T @ (weight * even**2)
        return np.sqrt(np.maximum(square - 2 * (plus * minus).T @ (weight * odd * even), 0))


def separated(sets: Bools) -> Floats:
    """float64[pairs, units · (units − 1) / 2]: 1 where a subset and its complement part two units."""
    first, second = np.triu_indices(sets.shape[1], 1)
    return (sets[:, first] ^ sets[:, second]).astype(np.float64)
