"""A report as tables, heat over the text, matrices and curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..section import Part, Savable, Section
from .static import report_html

REPORT_FILES = tuple(
    f"report/{name}.js" for name in (
        "reading", "heat", "curve", "excerpts", "ranges", "edited", "edits", "spread", "landscape", "flips", "groups",
        "report",
    )
)  # fmt: skip
REPORT_STYLES = ("report/report.css", "report/pictures.css")
REPORT = Part("Report", REPORT_FILES, REPORT_STYLES)


class ReportPanel(Savable, anywidget.AnyWidget):
    """One report, plainly: `report` is what `views.report_view` returns (see there for its keys)."""

    _esm: ClassVar[str] = module(*REPORT_FILES)
    _css: ClassVar[str] = style(*REPORT_STYLES)
    report = traitlets.Dict().tag(sync=True)

    def __init__(self, report: Mapping[str, Any] | None = None) -> None:
        super().__init__(report=dict(report or {}))

    def sections(self) -> list[Section]:
        """The report as it is shown."""
        return [report_section(self.report)]


def report_section(report: Mapping[str, Any]) -> Section:
    """A report view as a section under its own title."""
    title = str(report.get("title", ""))
    return Section(title, ((REPORT,),), {"report": {**report, "title": ""}}, report_html(report))
