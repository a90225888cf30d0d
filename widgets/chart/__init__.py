"""The chart widget and its figures."""

from .figures import bars_figure, comparison_figure
from .widget import CHART, Chart, plotly_source

__all__ = ["CHART", "Chart", "bars_figure", "comparison_figure", "plotly_source"]
