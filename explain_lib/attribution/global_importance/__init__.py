"""Explanations of a whole corpus: what words and concepts do to each label."""

from .boundary_lexicon import BoundaryLexicon
from .concept_vectors import ConceptVectors
from .concepts import Concept, DocumentConcept, SpanConcept, WordConcept
from .explain_global import Recipe, explain_global
from .global_shap import GlobalShap
from .homogeneity import HomogeneityWeighted
from .lexicon import Lexicon
from .pick import Picked, pick
from .slices import Slices, by_meta
from .word_importance import WordImportance

__all__ = [
    "BoundaryLexicon", "Concept", "ConceptVectors", "DocumentConcept", "GlobalShap", "HomogeneityWeighted", "Lexicon",
    "Picked", "Recipe", "Slices", "SpanConcept", "WordConcept", "WordImportance", "by_meta", "explain_global", "pick",
]  # fmt: skip
