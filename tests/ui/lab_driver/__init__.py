"""Drives JupyterLab in headless Chromium: a server of its own, one notebook a page, nothing beyond the loopback."""

from .axe import violations
from .contrast import faint, saturate
from .needs import find_chromium, missing_tools
from .page import NotebookPage
from .server import LabServer

__all__ = ["LabServer", "NotebookPage", "faint", "find_chromium", "missing_tools", "saturate", "violations"]
