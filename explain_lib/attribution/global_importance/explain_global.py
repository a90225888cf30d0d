"""`explain_global`: explanations of a whole corpus and a recipe in, a GlobalAttribution out."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from explain_lib.core import CorpusTable, Document, GlobalAttribution
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, stream

from collections.abc import Sequence

from .word_importance import WordImportance

Source = CorpusTable | Sequence[Document] | Sequence[Query]


class Recipe(Protocol):
    """A way to sum up a corpus: a frozen dataclass whose fields are its settings and whose repr is its provenance."""

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read the source that this recipe reads; TypeError for another."""
        ...


def explain_global(source: Source, recipe: Recipe = WordImportance(), rng: Rng = 0) -> GlobalAttribution:  # noqa: B008
    """Sum up a corpus: what words, or concepts, do to each label.

    `WordImportance`, `GlobalShap`, `HomogeneityWeighted`, `BoundaryLexicon` and `Slices` read the CorpusTable of
    `explain_corpus` and need neither model nor documents; `Lexicon` reads Documents and no model; `ConceptVectors`
    reads Queries. Errors of table recipes take every document of the table for independent: if these are sentences
    of longer notes, errors come out too small, so explain whole notes. `rng` matters to recipes that draw.
    Raises TypeError for what is no recipe or the wrong source, ValueError for an empty one.
    """
    if isinstance(recipe, type) or not hasattr(recipe, "of"):
        got = f"the class {recipe.__name__}" if isinstance(recipe, type) else f"a {type(recipe).__name__}"
        raise TypeError(f"the recipe is {got}; give a recipe with its settings, such as WordImportance(kappa=10).")
    return recipe.of(source, stream(rng, "explain_global"))
