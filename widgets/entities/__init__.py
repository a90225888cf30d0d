"""The entity list widget."""

from .widget import Entities

__all__ = ["Entities"]
