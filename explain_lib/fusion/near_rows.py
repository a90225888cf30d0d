"""Rows that hide units next to one end of a span."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explain_lib.core import Span
from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]


def near_rows(query: Query, span: Span, side: str, reach: int, n_rows: int, rng: np.random.Generator) -> Bools:
    """keep bool[n, units]: rows that hide some of the active units within `reach` of an end, inside and outside.

    All subsets where `n_rows` allows them, else `n_rows` of a uniformly drawn size; none where no unit there is active.
    """
    inside = np.flatnonzero(query.units.inside(span))
    border = inside[0] if side == "left" else inside[-1] + 1
    window = np.zeros(query.n_units, dtype=bool)
    window[max(0, border - reach) : border + reach] = True
    units = np.flatnonzero(window & query.active)
    if 2 ** len(units) - 1 <= n_rows:
        hidden = (np.arange(1, 2 ** len(units))[:, None] >> np.arange(len(units)) & 1).astype(bool)
    else:
        ranks = rng.random((n_rows, len(units))).argsort(axis=1).argsort(axis=1)
        hidden = ranks < rng.integers(1, len(units) + 1, n_rows)[:, None]
    keep = np.ones((len(hidden), query.n_units), dtype=bool)
    keep[:, units] = ~hidden
    return keep
