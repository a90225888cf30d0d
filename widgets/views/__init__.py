"""Pure functions from results to JSON-safe dicts: what the widgets and the saved page draw."""

from .bars import bars_view
from .classes import class_names, class_views
from .comparison import comparison_view
from .comparison_report import comparison_report
from .entities import entity_spans, entity_views
from .entity_table import entity_table_report, entity_table_view, find_outcome, outcome_view
from .heat import ARM_LINES, heat_view, layer_views, target_name
from .report import Reported, plain_report_view, report_view
from .text import text_view, visible

__all__ = [
    "ARM_LINES", "Reported", "bars_view", "class_names", "class_views", "comparison_report", "comparison_view",
    "entity_spans", "entity_table_report", "entity_table_view", "entity_views", "find_outcome", "heat_view",
    "layer_views", "outcome_view", "plain_report_view", "report_view", "target_name", "text_view",
    "visible",
]  # fmt: skip
