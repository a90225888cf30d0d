"""A plotly figure as a state-based widget."""

from __future__ import annotations

import json
import weakref
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..report import REPORT
from ..report.static import report_html
from ..section import Part, Savable, Section
from .arrays import with_plain_lists
from .numbers import figure_report

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CHART = Part("Chart", ("chart/keys.js", "chart/chart.js"), ("chart/chart.css",))


class PlotlyLibrary(anywidget.AnyWidget):
    """Holds plotly.js for all charts of a page; five megabytes that would otherwise travel with every figure."""

    _esm: ClassVar[str] = "export default { render() {} };"
    source = traitlets.Unicode("").tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)


class Chart(Savable, anywidget.AnyWidget):
    """A plotly figure that follows the page's theme and width.

    `figure` is the figure's own JSON. `clicked` is the `customdata` (an int) of the bar clicked last, `marked` the one
    with an outline. Arrow keys go through the points and read them; Enter is a click.
    """

    _esm: ClassVar[str] = module(*CHART.files)
    _css: ClassVar[str] = style(*CHART.styles)
    figure = traitlets.Any({"data": [], "layout": {}}).tag(sync=True)
    library = anywidget.WidgetTrait().tag(sync=True)
    clicked = traitlets.Int(-1).tag(sync=True)
    marked = traitlets.Int(-1).tag(sync=True)

    def __init__(self, figure: Figure | None = None) -> None:
        super().__init__(library=plotly_library())
        if figure is not None:
            self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        """Draw another figure in the same place."""
        self.figure = with_plain_lists(json.loads(figure.to_json()))

    def sections(self) -> list[Section]:
        """The numbers of the figure in tables; an interactive page draws it."""
        report = figure_report(self.figure)
        state = {"report": {**report, "title": ""}}
        return [Section(report["title"], ((REPORT,),), state, report_html(report), charts={"": lambda: self.figure})]


_libraries: weakref.WeakValueDictionary[str, PlotlyLibrary] = weakref.WeakValueDictionary()


def plotly_library() -> PlotlyLibrary:
    """The holder of plotly.js: one as long as any chart holds it, a new one after it was closed."""
    from plotly import __version__  # imported here: charts only

    held = _libraries.get("plotly")
    if held is None or held.comm is None:
        held = PlotlyLibrary(source=plotly_source(), version=__version__)
        _libraries["plotly"] = held
    return held


@cache
def plotly_source() -> str:
    """The text of plotly.js, as the plotly package brings it."""
    from plotly.offline import get_plotlyjs

    source: Any = get_plotlyjs()
    return str(source)
