"""Methods side by side."""

from .widget import SIDE_BY_SIDE, SideBySide

__all__ = ["SIDE_BY_SIDE", "SideBySide"]
