"""The text widget."""

from .widget import TEXT_FILES, Text

__all__ = ["TEXT_FILES", "Text"]
