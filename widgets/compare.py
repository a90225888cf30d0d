"""`compare`: the same entity under several methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets as ipw

from explain_lib.core import Attribution

from .chart import Chart, comparison_figure
from .palette import Palette
from .plain import comparison_html
from .report import REPORT
from .section import Savable, Section
from .status import Status
from .views import comparison_report, comparison_view, visible
from .views.comparison import TOP


def compare(
    attributions: Sequence[Attribution], target: int = 0, top: int = TOP, palette: Palette | None = None
) -> ipw.DOMWidget:
    """Show attributions of one entity as a grid: a row a method and arm, a column a unit.

    All rows share one colour scale where all of them count in units of one score and ask in one arm; otherwise every
    row has its own (its largest absolute score). The caption says which. The scores themselves, with their errors, are
    in the tooltips. `top` bounds the columns: the units that are strongest
    in any row. The `chart` of the widget has the number of the unit clicked last as `clicked`.
    `palette` gives labels other names. Raises ValueError for attributions of different texts or entities.
    """
    view = comparison_view(attributions, target, top)
    asked = attributions[0].targets[target]
    label = visible(asked.label or (asked.span.label if asked.span else ""))
    paint = palette.of(label) if palette else None
    return Compared({**view, "target": view["target"].replace(label, paint["name"], 1)} if paint else view)


class Compared(Savable, ipw.VBox):
    """A comparison view as a grid and a line that says how to read it."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self.view = view
        self.chart, self.status = Chart(comparison_figure(view)), Status(message=_caption(view))
        super().__init__([self.chart, self.status])

    def sections(self) -> list[Section]:
        """The grid as a coloured table, units downwards; an interactive page draws it as here."""
        caption = _caption(self.view)
        report, plain = comparison_report(self.view, caption), comparison_html(self.view, caption)
        charts = {"": lambda: self.chart.figure}
        return [Section(self.view["target"], ((REPORT,),), {"report": report}, plain, charts=charts)]


def _caption(view: Mapping[str, Any]) -> str:
    shares = [share for row in view["rows"] for share in row["shares"]]
    kept = " Empty cells: always kept." if None in shares else ""
    n, scale = view["n_left_out"], "one scale for all rows" if view["is_shared"] else "each row on its own scale"
    left_out = f" {n} weaker unit{' is' if n == 1 else 's are'} left out." if n else ""
    return f"Orange raises, purple (−) lowers; {scale}.{kept}{left_out}"
