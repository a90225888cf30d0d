"""How firm the ends of an entity are, and what they depend on."""

from __future__ import annotations

from collections.abc import Iterator

from explain_lib.analysis import BoundaryReport, boundary_sensitivity
from explain_lib.attribution import Method, Occlusion
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ..desk import Desk
from .asked import AskedView

_EDITS, _SETS, _CONTRAST_EDITS, _CONTRAST_ROWS = 20, 100, 5, 32
"""The defaults of `boundary_sensitivity`."""


class BoundariesView(AskedView):
    """The map of spans, margins, flips and contrasts; these are explained by leaving one out, whatever is chosen."""

    name = "Boundaries"

    def __init__(self, desk: Desk) -> None:
        about = "How firm are both ends, which words hold them, and which edits move them?"
        super().__init__(desk, about, _cost, _run, is_of_method=False)


def _cost(query: Query, method: Method) -> str:
    """An upper bound that asks no model: drawing the edits, for an exact one, would."""
    if query.targets[0].span is None:
        return "The text as a whole has no ends; choose an entity."
    units = query.cost(Occlusion(), is_timed=False).rows
    texts = (1 + 2 * _EDITS) * len(query.evaluations.windows)
    return f"At most {texts + units * (2 + _CONTRAST_EDITS) + _SETS + _CONTRAST_ROWS} rows, and 20 passes at embeddings"


def _run(query: Query, method: Method, tick: Tick) -> Iterator[BoundaryReport]:
    """First without edits and searches, which is what takes long."""
    yield boundary_sensitivity(query, edits=0, max_rows=0)
    yield boundary_sensitivity(query, edits=_EDITS, max_rows=_SETS, n_contrast_edits=_CONTRAST_EDITS)
