"""The report widget."""

from .widget import REPORT_FILES, REPORT_STYLES, ReportPanel

__all__ = ["REPORT_FILES", "REPORT_STYLES", "ReportPanel"]
