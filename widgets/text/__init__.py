"""The text widget."""

from .widget import Text

__all__ = ["Text"]
