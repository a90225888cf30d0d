"""The bars behind the heat."""

from __future__ import annotations

import ipywidgets as ipw

from ...chart import Chart, bars_figure
from ...views import bars_view, heat_view, text_view
from ..desk import Desk


class AttributionView:
    """The strongest units of the attribution on the screen as bars with their errors."""

    name = "Attribution"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.chart = desk, Chart()
        self.widget = ipw.VBox([self.chart])
        self.chart.observe(lambda change: self.desk.set_trait("unit", change["new"]), "clicked")
        desk.observe(lambda change: self.chart.set_trait("marked", change["new"]), "unit")

    def refresh(self) -> None:
        """Draw the attribution on the screen."""
        result = self.desk.result
        if result is not None:
            self.chart.show_figure(bars_figure(bars_view(text_view(result.units), heat_view(result, 0))))
