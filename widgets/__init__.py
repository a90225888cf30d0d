"""Widgets for explanations in Jupyter: the workbench, `show` for one result, `to_html` for a page that stands alone."""

from .chart import Chart
from .entities import Entities
from .export import to_html
from .show import show
from .status import Status
from .text import Text
from .workbench import Workbench

__all__ = ["Chart", "Entities", "Status", "Text", "Workbench", "show", "to_html"]
