"""The entity list widget."""

from .widget import ENTITIES, Entities

__all__ = ["ENTITIES", "Entities"]
