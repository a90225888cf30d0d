"""The report widget."""

from .widget import REPORT, ReportPanel, report_section

__all__ = ["REPORT", "ReportPanel", "report_section"]
