"""What a margin loses when one unit is hidden: the rows of leave-one-out, read for every boundary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.query import Query

from .entity import Edge

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Effects:
    """The margin of one end and what single units do to it.

    `margin` on the text; `losses` float64[units], margin on the text minus margin with the unit hidden (above 0: the
    unit holds the boundary in place), NaN for a unit that no row hides. `noise` is the standard deviation that reduced
    precision gives a margin.
    """

    edge: Edge
    margin: float
    losses: Floats
    noise: float

    @classmethod
    def of(cls, edge: Edge) -> Effects | None:
        """Hide every unit that the query may hide, one at a time; None for an end without a margin."""
        if edge.margin is None:
            return None
        margins, losses = single_losses(edge.margin, edge.margin.active)
        return cls(edge, float(margins[0]), losses[0], float(edge.margin.noise[0]))

    @property
    def sizes(self) -> Floats:
        """float64[units]: absolute losses."""
        return np.abs(self.losses)

    @property
    def rows(self) -> set[tuple[int, int]]:
        """The rows asked for, as (window, hidden unit), −1 for the text itself."""
        assert self.edge.margin is not None
        window = window_of(self.edge.margin)
        return {(window, -1), *((window, int(unit)) for unit in np.flatnonzero(~np.isnan(self.losses)))}


def single_losses(query: Query, hidden: Bools) -> tuple[Floats, Floats]:
    """Values float64[targets] on the text and losses float64[targets, units] from hiding each of `hidden` bool[units].

    Rows are those of `Occlusion`. A unit that a target's own query keeps (its own units in the context arm, those of
    a target under `Delete`) is NaN for that target.
    """
    is_shared = query.hiding.keeps_length and query.arm == "all units"
    if query.n_targets > 1 and not is_shared:
        parts = [single_losses(query.with_targets([target]), hidden) for target in query.targets]
        return np.concatenate([values for values, _ in parts]), np.concatenate([losses for _, losses in parts])
    at = np.flatnonzero(query.active & hidden)
    keep = np.tile(query.full_row, (len(at) + 1, 1))
    keep[np.arange(1, len(at) + 1), at] = False
    values = query.value(keep)
    losses = np.full((query.n_targets, query.n_units), np.nan)
    losses[:, at] = (values[0] - values[1:]).T
    return values[0], losses


def window_of(query: Query) -> int:
    """The window in which the only target of a query is read."""
    return query.model.window_of(query.targets[0], query.encoding, query.evaluations.windows)


def rows_asked(effects: Sequence[Effects | None]) -> int:
    """How many distinct rows several boundaries asked for together."""
    return len(set().union(*(one.rows for one in effects if one is not None)))
