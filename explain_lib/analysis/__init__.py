"""Analysis: stability of explanations, boundaries of entities, and errors."""

from .boundary import BoundaryReport, boundary_sensitivity, boundary_summary
from .errors import EntityErrors, ErrorClass, entity_errors

__all__ = [
    "BoundaryReport", "EntityErrors", "ErrorClass", "boundary_sensitivity", "boundary_summary", "entity_errors",
]  # fmt: skip
