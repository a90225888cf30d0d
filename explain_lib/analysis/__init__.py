"""Analysis: stability of explanations, boundaries of entities, and errors."""

from .boundary import BoundaryReport, boundary_cost, boundary_sensitivity, boundary_summary
from .errors import (
    EntityErrors, ErrorClass, ErrorComparison, SimilarError, compare_errors, entity_errors, similar_errors,
)  # fmt: skip
from .stability import (
    StabilityCost, StabilityReport, stability, stability_cost, stability_rounds, stability_summary,
)  # fmt: skip

__all__ = [
    "BoundaryReport", "EntityErrors", "ErrorClass", "ErrorComparison", "SimilarError", "StabilityCost",
    "StabilityReport", "boundary_cost", "boundary_sensitivity", "boundary_summary", "compare_errors", "entity_errors",
    "similar_errors", "stability", "stability_cost", "stability_rounds", "stability_summary",
]  # fmt: skip
