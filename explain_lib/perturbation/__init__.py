"""Perturbation: the query, its table of evaluated rows, and the ways of hiding a unit."""

from .evaluations import Evaluations
from .game import Game
from .hiding import AttentionOff, Delete, FillIn, Hiding, MaskPiece, NeutralPiece
from .query import Query

__all__ = ["AttentionOff", "Delete", "Evaluations", "FillIn", "Game", "Hiding", "MaskPiece", "NeutralPiece", "Query"]
