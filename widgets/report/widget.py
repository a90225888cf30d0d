"""A report as tables, heat over the text, matrices and curves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from .static import report_html

REPORT_FILES = ("report/heat.js", "report/curve.js", "report/excerpts.js", "report/report.js")
REPORT_STYLES = ("report/report.css",)


class ReportPanel(anywidget.AnyWidget):
    """One report, plainly: `report` is what `views.report_view` returns (see there for its keys)."""

    _esm: ClassVar[str] = module(*REPORT_FILES)
    _css: ClassVar[str] = style(*REPORT_STYLES)
    report = traitlets.Dict().tag(sync=True)

    def __init__(self, report: Mapping[str, Any] | None = None) -> None:
        super().__init__(report=dict(report or {}))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, and plain tables for readers that run none."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *more = bundle if isinstance(bundle, tuple) else (bundle,)
        data = {**(data or {}), "text/html": report_html(self.report)}
        return (data, *more) if isinstance(bundle, tuple) else data
