"""What an evaluation of faithfulness will ask for, said before it runs."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.evaluation.compared_units import ALL
from explain_lib.perturbation import Query

from .bounds import beam_width
from .findings import n_pairs
from .orders import curve_counts
from .settings import FaithfulnessSettings


def faithfulness_cost(
    query: Query,
    settings: FaithfulnessSettings = FaithfulnessSettings(),  # noqa: B008  # frozen
) -> dict[str, int]:
    """Rows that `faithfulness` asks for at most, by part as in `n_evals` of its report, for all targets and both arms.

    The same for every method, but that an attribution with ties needs `tie_orders` times the rows of its own orders.
    Rows that the query knows already cost nothing; a hiding that draws runs each several times. Runs nothing.
    """
    rows: dict[str, int] = {}
    for n, n_targets in _judged(query):
        if n == 0:
            continue
        for part, shared, own in _parts(n, settings):
            rows[part] = rows.get(part, 0) + min(2**n, shared + own * n_targets)  # there are no more rows than subsets
    return rows


def _judged(query: Query) -> Iterator[tuple[int, int]]:
    """(units that may be hidden, targets that share the rows) of every window and of every context arm."""
    for _, part in query.parts():
        n = int(part.active.sum())
        yield n, part.n_targets
        for target in part.targets:
            if query.arm == ALL and target.span is not None and query.hiding.keeps_length:
                yield int(part.with_targets([target]).context().active.sum()), 1


def _parts(n: int, settings: FaithfulnessSettings) -> Iterator[tuple[str, int, int]]:
    """(part, rows that targets share, rows for each target) for n units."""
    points = len(curve_counts(n, settings.most_points, settings.thresholds))
    yield "infidelity", settings.rows + 2, 0
    yield "leave one out", n, 0
    sides = 2 if n <= settings.most_points else 4  # an order and its reverse share their rows where every one is read
    yield "random orders", sides * n_pairs(points, settings) * points, 0
    yield "own units first", 0, 2 * settings.tie_orders * points
    yield "orders of the attribution", 0, 2 * settings.tie_orders * points
    if 1 < n <= min(settings.most_bounded, settings.most_points):
        width = beam_width(n, settings.bound_rows)
        yield "best and worst order", 0, 2**n if width is None else width * n * (n - 1) + 2
