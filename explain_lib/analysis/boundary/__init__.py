"""Boundaries: how firm the ends of entities are, and what they depend on."""

from .cost import boundary_cost
from .report import BoundaryReport
from .sensitivity import boundary_sensitivity
from .summary import boundary_summary

__all__ = ["BoundaryReport", "boundary_cost", "boundary_sensitivity", "boundary_summary"]
