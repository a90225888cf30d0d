"""How much of an explanation survives edits that keep the entity."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.analysis import StabilityReport, stability_rounds
from explain_lib.attribution import Method
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ..case import cost_line
from ..desk import Desk
from .asked import AskedView

_EXPLANATIONS = 26
"""The text, the text again with five other seeds, and twenty edits."""


class StabilityView(AskedView):
    """Every edit beside the noise arm, the worst one open; first figures after four edits, then after twice as many."""

    name = "Stability"

    def __init__(self, desk: Desk) -> None:
        about = "Is the explanation the same after edits that leave the entity alone? The worst edit is one click away."
        super().__init__(desk, about, _cost, _run)


def _cost(query: Query, method: Method) -> str:
    """An upper bound that asks no model: drawing the edits, for an exact one, would."""
    arms = "" if query.arm == "context" or query.targets[0].span is None else " in each arm"
    return f"At most {_EXPLANATIONS} explanations{arms}, each: {cost_line(query, method)}"


def _run(query: Query, method: Method, tick: Tick) -> Iterator[StabilityReport]:
    yield from stability_rounds(query, method)
