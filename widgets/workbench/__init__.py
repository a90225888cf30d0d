"""The workbench."""

from .workbench import Workbench

__all__ = ["Workbench"]
