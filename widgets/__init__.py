"""Widgets for explanations in Jupyter: the workbench, `show`, `compare`, and `to_html` for a page that stands alone."""

from .chart import Chart
from .compare import compare
from .entities import Entities
from .export import to_html
from .palette import Paint, Palette, read_palette
from .report import ReportPanel
from .show import show
from .status import Status
from .table import EntityTable
from .text import Text
from .workbench import Workbench

__all__ = [
    "Chart", "Entities", "EntityTable", "Paint", "Palette", "ReportPanel", "Status", "Text", "Workbench", "compare",
    "read_palette", "show", "to_html",
]  # fmt: skip
