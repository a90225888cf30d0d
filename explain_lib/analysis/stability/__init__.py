"""Stability: what edits that keep the entities do to explanations."""

from .cost import StabilityCost, stability_cost
from .report import StabilityReport
from .stability import stability, stability_rounds
from .summary import stability_summary

__all__ = ["StabilityCost", "StabilityReport", "stability", "stability_cost", "stability_rounds", "stability_summary"]
