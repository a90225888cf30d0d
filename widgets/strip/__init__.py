"""Names of which one is open."""

from .widget import Strip

__all__ = ["Strip"]
