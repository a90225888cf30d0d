"""Asking for rows in rounds, until the error is small enough or the budget is spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.core.interval import half_width
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import first_occurrences

from .recipe import Answers

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
GROWTH = 1.5


def round_sizes(least: int, most: int, tolerance: float | None) -> list[int]:
    """How many draws there are after each round, up to `most`: all at once unless a tolerance is asked for."""
    sizes = [most]
    if tolerance is not None:
        size = least
        while size < most:
            sizes.insert(-1, size)
            size = int(np.ceil(size * GROWTH))
    return sizes


def in_rounds(
    game: Game,
    keep: Bools,
    sizes: Sequence[int],
    reduce: Callable[[Answers], Estimate],
    tolerance: float | None,
) -> Estimate:
    """Ask for the first `sizes[0]` rows of `keep`, then for more, and reduce all answers so far after each round.

    Rows of earlier rounds are kept, none is asked for twice. Ends when the estimate is settled or after the last.
    """
    ends = np.array([[False], [True]]).repeat(game.n_units, axis=1)
    rows = np.concatenate([ends, keep])
    values = np.zeros((0, game.n_targets))
    for size in sizes:
        values, n_evals = _ask_more(game, rows[: size + 2], values)
        estimate = reduce(Answers(values[2:], values[0], values[1], n_evals))
        if tolerance is not None and is_settled(estimate, tolerance):
            return replace(estimate, stopped="tolerance")
    return estimate if tolerance is None else replace(estimate, stopped="budget")


def is_settled(estimate: Estimate, tolerance: float) -> bool:
    """Whether no 95 % interval reaches further than tolerance · the largest absolute score of its target."""
    half = half_width(estimate.std_error, np.asarray(estimate.dof, dtype=np.float64), 0.95).max(axis=0, initial=0)
    return bool(np.all(half <= tolerance * np.abs(estimate.scores).max(axis=0, initial=0)))


def check_tolerance(method: object, tolerance: float | None) -> None:
    """ValueError for a tolerance that no run can meet."""
    if tolerance is not None and not tolerance > 0:
        raise ValueError(
            f"{type(method).__name__} got tolerance={tolerance}; it must be above 0, for example 0.05, or None."
        )


def _ask_more(game: Game, rows: Bools, known: Floats) -> tuple[Floats, int]:
    """Values of all rows, of which the first len(known) are known, and the number of distinct rows."""
    first, inverse = first_occurrences(rows)
    new = first[first >= len(known)]
    values = np.concatenate([known, np.empty((len(rows) - len(known), game.n_targets))])
    values[new] = game.value(rows[new])
    return values[first][inverse], len(first)
