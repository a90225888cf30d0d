"""Explanations of a whole corpus: what words and concepts do to each label."""

from .explain_global import Recipe, explain_global
from .global_shap import GlobalShap
from .homogeneity import HomogeneityWeighted
from .word_importance import WordImportance

__all__ = ["GlobalShap", "HomogeneityWeighted", "Recipe", "WordImportance", "explain_global"]
