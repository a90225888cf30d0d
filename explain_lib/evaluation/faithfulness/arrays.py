"""The arrays of a report of faithfulness, from all that was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explain_lib.core import Attribution
from explain_lib.evaluation.compared_units import ARMS

from .measures import Judged
from .orders import Floats, counts_at
from .settings import FaithfulnessSettings


def report_arrays(
    attribution: Attribution, judged: Sequence[Judged], settings: FaithfulnessSettings
) -> Mapping[str, Any]:
    """The arrays of the report: NaN (−1 in `order`) wherever a case says nothing."""
    n, both = len(attribution.units), (len(attribution.targets), len(ARMS))
    points, shares = (n + 1, *both), (len(settings.thresholds), *both)
    sizes: dict[str, tuple[int, ...]] = {
        "comprehensiveness": shares, "sufficiency": shares, "deletion": points, "insertion": points,
        "random_deletion": (3, *points), "random_insertion": (3, *points), "own_deletion": points,
        "own_insertion": points, "bound_deletion": (2, *points), "leave_one_out": (n, *both),
        "predicted": (settings.rows, *both), "observed": (settings.rows, *both),
    }  # fmt: skip
    arrays: dict[str, Any] = {name: np.full(size, np.nan) for name, size in sizes.items()}
    arrays["order"], arrays["thresholds"] = np.full((n, *both), -1), np.array(settings.thresholds, dtype=np.float64)
    for one in judged:
        for name, place, values in _written(one):
            arrays[name][(*place, *one.case.place)] = values
    return arrays


def _written(one: Judged) -> list[tuple[str, tuple[Any, ...], Any]]:
    """(array, where along its first axes, values) of one case."""
    case, found, own = one.case, one.found, one.own
    counts, curves = found.counts, own.curves.mean
    thresholds, every = counts_at(one.settings.thresholds, len(case.active)), slice(None)
    written: list[tuple[str, tuple[Any, ...], Any]] = [
        ("order", (slice(len(own.order)),), case.active[own.order]),
        ("comprehensiveness", (every,), curves.comprehensiveness(thresholds)[0]),
        ("sufficiency", (every,), curves.sufficiency(thresholds)[0]),
        ("deletion", (counts,), curves.deletion[0]),
        ("insertion", (counts,), curves.insertion[0]),
        ("random_deletion", (every, counts), _band(found.random.deletion)),
        ("random_insertion", (every, counts), _band(found.random.insertion)),
        ("leave_one_out", (case.active,), found.lost),
        ("predicted", (every,), own.predicted),
        ("observed", (every,), found.changes),
    ]
    if found.own is not None:
        mean = found.own.mean
        written += [("own_deletion", (counts,), mean.deletion[0]), ("own_insertion", (counts,), mean.insertion[0])]
    if found.bounds is not None:
        paths = np.stack([found.bounds.worst, found.bounds.best])
        written.append(("bound_deletion", (every, slice(paths.shape[1])), paths))
    return written


def _band(values: Floats) -> Floats:
    """float[3, points]: the mean over orders, and the ends of the middle 95 %."""
    return np.stack([values.mean(axis=0), *np.quantile(values, (0.025, 0.975), axis=0)])
