"""`show`: one result, one widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import ipywidgets as ipw

from explain_lib.core import Attribution, Document, Prediction

from .chart import Chart, bars_figure
from .entities import Entities
from .export import picture_section
from .guard import shown_on
from .palette import Palette
from .picture import Picture, picture
from .report import ReportPanel
from .section import Savable, Section
from .status import Status
from .text import Text
from .views import Reported, bars_view, report_view

Result = Attribution | Prediction | Document | Reported


def show(
    result: Result | Sequence[Attribution],
    document: Document | None = None,
    prediction: Prediction | None = None,
    palette: Palette | None = None,
) -> ipw.DOMWidget:
    """Show a result: an attribution (or several of one document), a prediction with its document, a document, a report.

    `prediction` adds the predicted entities to an attribution, `palette` (`read_palette`) names and colours of labels.
    Choosing an entity shows its scores. A report, and the errors or scores of a corpus, are shown as tables, heat over
    the text, matrices, curves and excerpts. `EntityTable` shows every entity of a corpus, to filter and sort.
    """
    report = report_view(result)
    return Shown(picture(result, document, prediction, palette)) if report is None else ReportPanel(report)


class Shown(Savable, ipw.VBox):
    """A picture of results: text, entity list and bars, linked."""

    def __init__(self, drawn: Picture) -> None:
        self.picture = drawn
        self.text = Text(text=drawn.text, entities=drawn.entities, layers=drawn.layers, selected=drawn.selected)
        self.entities = Entities(entities=drawn.entities, selected=drawn.selected)
        self.chart, self.status = Chart(), Status()
        ipw.jslink((self.text, "selected"), (self.entities, "selected"))
        ipw.jsdlink((self.chart, "clicked"), (self.text, "cursor"))
        ipw.jsdlink((self.text, "cursor"), (self.chart, "marked"))
        self.text.observe(shown_on(self.status)(self._draw), ["selected", "layer", "layers"])
        children: list[ipw.Widget] = [self.text, self.entities] if drawn.entities else [self.text]
        super().__init__([*children, self.chart, self.status] if drawn.layers else children)
        self._draw(None)

    def sections(self) -> list[Section]:
        """The picture, with the entity and layer that are chosen now."""
        now = {"selected": self.text.selected, "layer": self.text.layer, "scale": self.text.scale}
        drawn = picture_section(replace(self.picture, selected=self.text.selected))
        return [replace(drawn, state={**drawn.state, **now})]

    def _draw(self, _: Any) -> None:
        heat = self.text.heat
        if heat is not None:
            self.chart.show_figure(bars_figure(bars_view(self.text.text, heat)))
