"""Whether an explanation tells what hiding words does."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.attribution import Method, explain
from explain_lib.evaluation import FaithfulnessReport, FaithfulnessSettings, faithfulness, faithfulness_cost
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ..case import cost_line
from ..desk import Desk
from .asked import AskedView

_QUICK = FaithfulnessSettings(rows=32, random_rows=100, most_bounded=0)


class FaithfulnessView(AskedView):
    """Deletion and insertion between the best and the worst order; first with few random orders and no bounds."""

    name = "Faithfulness"

    def __init__(self, desk: Desk) -> None:
        about = "Does the explanation tell what hiding words does? Read it beside its controls."
        super().__init__(desk, about, _cost, _run)


def _cost(query: Query, method: Method) -> str:
    rows = sum(faithfulness_cost(query).values())
    return f"At most {rows} rows, and the explanation where it is not there yet: {cost_line(query, method)}"


def _run(query: Query, method: Method, tick: Tick) -> Iterator[FaithfulnessReport]:
    shown = explain(query, method, rng=0)
    yield faithfulness(shown, query, settings=_QUICK)
    yield faithfulness(shown, query)
