"""The words of a corpus and where they stand."""

from .widget import Words

__all__ = ["Words"]
