"""The table of a corpus's entities."""

from .widget import EntityTable

__all__ = ["EntityTable"]
