"""The chart widget and its figures."""

from .figures import bars_figure, comparison_figure
from .widget import Chart

__all__ = ["Chart", "bars_figure", "comparison_figure"]
