"""Cutting a text into units: each level groups the one before, from characters to sections."""

from .characters import characters
from .clauses import clauses
from .default_units import default_units
from .grouping import join_spans
from .sections import sections
from .sentences import sentences
from .words import words

__all__ = ["characters", "clauses", "default_units", "join_spans", "sections", "sentences", "words"]
