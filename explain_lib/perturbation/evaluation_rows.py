"""Rows on which explanations are judged: never those that a sampler was fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .streams import Rng, stream

if TYPE_CHECKING:
    from .query import Query


def evaluation_rows(query: Query, n_rows: int, rng: Rng = 0) -> npt.NDArray[np.bool_]:
    """keep bool[n, units]: each row hides a uniformly drawn number, 1 to all, of active units, drawn uniformly.

    From a stream of their own, so that they are independent of the rows of any method with the same `rng`. Rows may
    repeat where there are few units; a query without active units gives none.
    """
    active = np.flatnonzero(query.active)
    if not len(active):
        return np.ones((0, query.n_units), dtype=bool)
    draws = stream(rng, "evaluation")
    sizes = draws.integers(1, len(active) + 1, size=n_rows)
    ranks = draws.random((n_rows, len(active))).argsort(axis=1).argsort(axis=1)
    keep = np.ones((n_rows, query.n_units), dtype=bool)
    keep[:, active] = ranks >= sizes[:, None]
    return keep
