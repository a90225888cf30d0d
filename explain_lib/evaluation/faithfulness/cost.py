"""What an evaluation of faithfulness will ask for, said before it runs."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.evaluation.compared_units import ALL
from explain_lib.perturbation import Query

from .bounds import beam_width
from .findings import n_pairs
from .orders import curve_counts
from .settings import FaithfulnessSettings

OWN_FIRST = "own units first"


def faithfulness_cost(
    query: Query,
    settings: FaithfulnessSettings = FaithfulnessSettings(),  # noqa: B008  # frozen
) -> dict[str, int]:
    """Rows that `faithfulness` asks for at most, by part as in `n_evals` of its report, for all targets and both arms.

    The same for every method, but that an attribution with ties needs `tie_orders` times the rows of its own orders.
    Rows that the query knows already cost nothing; a hiding that draws runs each several times. Runs nothing. Raises
    ValueError for a query without targets, as `faithfulness` does.
    """
    if not query.targets:
        raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
    rows: dict[str, int] = {}
    for one in _judged(query):
        n = int(one.active.sum())
        if n == 0:
            continue
        for part, shared, own in _parts(n, settings):
            judged = _with_own(one) if part == OWN_FIRST else one.n_targets
            if shared + own * judged:
                rows[part] = rows.get(part, 0) + min(2**n, shared + own * judged)  # there are no more rows than subsets
    return rows


def _judged(query: Query) -> Iterator[Query]:
    """The targets of every window, which share rows, and each context arm by itself."""
    for _, part in query.parts():
        yield part
        for target in part.targets:
            if query.arm == ALL and target.span is not None and query.hiding.keeps_length:
                yield part.with_targets([target]).context()


def _with_own(query: Query) -> int:
    """How many targets have units of their own that may be hidden: none in the context arm."""
    spans = [target.span for target in query.targets if target.span is not None]
    return sum(bool((query.units.inside(span) & query.active).any()) for span in spans)


def _parts(n: int, settings: FaithfulnessSettings) -> Iterator[tuple[str, int, int]]:
    """(part, rows that targets share, rows for each target) for n units."""
    points = len(curve_counts(n, settings.most_points, settings.thresholds))
    yield "infidelity", settings.rows + 2, 0
    yield "leave one out", n, 0
    sides = 2 if n <= settings.most_points else 4  # an order and its reverse share their rows where every one is read
    yield "random orders", sides * n_pairs(points, settings) * points, 0
    yield OWN_FIRST, 0, 2 * settings.tie_orders * points
    yield "orders of the attribution", 0, 2 * settings.tie_orders * points
    if 1 < n <= min(settings.most_bounded, settings.most_points):
        width = beam_width(n, settings.bound_rows)
        yield "best and worst order", 0, 2**n if width is None else width * n * (n - 1) + 2
