"""Analysis: stability of explanations, boundaries of entities, and errors."""

from .boundary import BoundaryReport, boundary_sensitivity, boundary_summary

__all__ = ["BoundaryReport", "boundary_sensitivity", "boundary_summary"]
