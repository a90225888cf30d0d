"""`compare`: the same entity under several methods."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as ipw

from explain_lib.core import Attribution

from .chart import Chart, comparison_figure
from .views import comparison_view
from .views.comparison import TOP


def compare(attributions: Sequence[Attribution], target: int = 0, top: int = TOP) -> ipw.DOMWidget:
    """Show attributions of one entity as a grid: a row a method and arm, a column a unit.

    Every row has its own colour scale (its largest absolute score), since methods count different things; the scores
    themselves, with their errors, are in the tooltips. `top` bounds the columns: the units that are strongest
    in any row. Raises ValueError for attributions of different texts or entities.
    """
    view = comparison_view(attributions, target, top)
    grid = ipw.VBox([Chart(comparison_figure(view)), ipw.Label(_caption(view["units"], attributions[0]))])
    return grid


def _caption(shown: Sequence[int], attribution: Attribution) -> str:
    left_out = len(attribution.units) - len(shown)
    more = f" {left_out} weaker units are left out." if left_out else ""
    return f"Orange raises, purple lowers; each row on its own scale. Empty cells: always kept.{more}"
