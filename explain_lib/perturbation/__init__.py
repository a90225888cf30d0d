"""Perturbation: the query, its table of evaluated rows, and the ways of hiding a unit."""

from .edits import (
    Bank, BoundaryMask, BoundaryModifier, BoundaryPunctuation, BoundaryReplacement, BoundaryWordElsewhere,
    CharacterNoise, Concatenation, ContextDeletion, ContextMask, DropoutViews, EmbeddingNoise, EntitySwap, Jitter,
    MaskedSubstitution, Phrases, Synonym, Truncation, bank, entity_names,
)  # fmt: skip
from .evaluation_rows import evaluation_rows
from .evaluations import Evaluations
from .game import Game
from .hiding import AttentionOff, Delete, FillIn, Hiding, MaskPiece, NeutralPiece
from .query import Query
from .shared_units import shared_units

__all__ = [
    "AttentionOff", "Bank", "BoundaryMask", "BoundaryModifier", "BoundaryPunctuation", "BoundaryReplacement",
    "BoundaryWordElsewhere", "CharacterNoise", "Concatenation", "ContextDeletion", "ContextMask", "Delete",
    "DropoutViews", "EmbeddingNoise", "EntitySwap", "Evaluations", "FillIn", "Game", "Hiding", "Jitter", "MaskPiece",
    "MaskedSubstitution", "NeutralPiece", "Phrases", "Query", "Synonym", "Truncation", "bank", "entity_names",
    "evaluation_rows", "shared_units",
]  # fmt: skip
