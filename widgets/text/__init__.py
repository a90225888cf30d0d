"""The text widget."""

from .widget import SAVED, TEXT, Text

__all__ = ["SAVED", "TEXT", "Text"]
