"""Errors: what a model does with every entity of a corpus."""

from .compare_errors import compare_errors
from .comparison import ErrorComparison
from .entity_errors import entity_errors
from .errors import EntityErrors
from .outcome import CONJUNCTION, GOLD_PROBABLY_MISSING, ErrorClass, Outcome
from .similar import SimilarError, similar_errors

__all__ = [
    "CONJUNCTION", "GOLD_PROBABLY_MISSING", "EntityErrors", "ErrorClass", "ErrorComparison", "Outcome", "SimilarError",
    "compare_errors", "entity_errors", "similar_errors",
]  # fmt: skip
