"""Shapley values from random orders, each walked forwards and backwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import antithetic_orders

from .exact import shapley_from_all
from .moderation import moderated_error
from .recipe import Answers, BlackBox
from .rounds import check_tolerance, in_rounds, round_sizes

FIRST_PAIRS = 4


@dataclass(frozen=True)
class PermutationShap(BlackBox):
    """Mean marginal gain of each unit over antithetic orders.

    An order and its reverse are one draw of 2 · units − 2 new rows; scores always add up to full − base. The error is
    the moderated standard deviation over pairs / √pairs, with pairs + 1 degrees of freedom: two are lent by the other
    units of the text (Smyth, 2004; formula in `moderation`), so that two or three pairs give an interval that covers
    without being absurdly wide. NaN for a single pair. Where all subsets fit the budget the mean runs over all orders
    and is exact. ValueError below 2 · units rows. The choice below four rows per unit; above, `KernelShap` is sharper.

    With a `tolerance` orders are added in rounds, until no 95 % interval reaches further than tolerance · the largest
    absolute score of its target, or the budget is spent; `provenance.stopped` says which. The result is that of a run
    without a tolerance whose budget holds the same orders. Source: Castro et al. (2009); antithetic: Mitchell et al.
    (2022).
    """

    asks_once: ClassVar[bool] = True
    budget: Budget = PerUnit(20)
    tolerance: float | None = None

    def __post_init__(self) -> None:
        check_tolerance(self, self.tolerance)

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units from orders drawn by `rng`."""
        n_rows = allowed_rows(self.budget, game.n_units)
        if 2**game.n_units <= n_rows:
            exact = shapley_from_all(game)
            return exact if self.tolerance is None else replace(exact, stopped="tolerance")
        n_pairs = (n_rows - 2) // (2 * game.n_units - 2)
        if n_pairs < 1:
            raise ValueError(
                f"PermutationShap got {n_rows} rows for {game.n_units} active units; one pair of orders takes "
                f"{2 * game.n_units}. Raise the budget (PerUnit(20) is the default)."
            )
        sample, orders = antithetic_orders(game.n_units, n_pairs, rng)
        chains = 2 * (game.n_units + 1)

        def reduce(answers: Answers) -> Estimate:
            gains = order_gains(answers.values, orders[: len(answers.values) // chains])
            std_error, dof = moderated_error(gains)
            scores = gains.mean(axis=(0, 1))
            return Estimate(scores, std_error, dof, answers.base, answers.full, answers.n_evals)

        sizes = [chains * pairs for pairs in round_sizes(FIRST_PAIRS, n_pairs, self.tolerance)]
        return in_rounds(game, sample.keep, sizes, reduce, self.tolerance)


def order_gains(values: npt.NDArray[np.float64], orders: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """float64[pairs, 2, units, targets]: the gain of each unit on arrival, along an order and along its reverse."""
    n_pairs, _, n_units = orders.shape
    along = np.diff(values.reshape(n_pairs, 2, n_units + 1, -1), axis=2)
    gains = np.empty_like(along)
    np.put_along_axis(gains, orders[..., None], along, axis=2)
    return gains
