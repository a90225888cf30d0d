"""Which units to ask about where a text has too many for all of its pairs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution
from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]


def strongest_units(attribution: Attribution, count: int) -> Bools:
    """bool[units]: the `count` units whose scores are largest, either sign, for any target; for `among`."""
    size = np.abs(attribution.scores).max(axis=1, initial=0)
    return _best(-size, np.asarray(attribution.active.any(axis=1)), count)


def nearest_units(query: Query, count: int) -> Bools:
    """bool[units]: the `count` active units with the fewest units between them and a target's span; for `among`.

    Units of a span itself come first where they are active. Raises ValueError for targets without a span.
    """
    place = np.arange(query.n_units)
    distance = np.full(query.n_units, query.n_units)
    for target in query.targets:
        if target.span is None:
            raise ValueError(
                f"target {target.name!r} has no span to be near to; use strongest_units(attribution, {count})."
            )
        own = np.flatnonzero(query.units.inside(target.span))
        distance = np.minimum(distance, np.abs(place[:, None] - own).min(axis=1, initial=query.n_units))
    active = np.asarray(np.stack([part.active for _, part in query.parts()]).any(axis=0))
    return _best(distance, active, count)


def _best(rank: npt.NDArray[np.floating] | npt.NDArray[np.integer], active: Bools, count: int) -> Bools:
    if count < 1:
        raise ValueError(f"{count} units were asked for; choose at least 1.")
    order = np.flatnonzero(active)[np.argsort(rank[active], kind="stable")[:count]]
    return np.asarray(np.isin(np.arange(len(active)), order))
