"""Perturbation: the query, its table of evaluated rows, and the ways of hiding a unit."""

from .edits import Bank, bank
from .evaluation_rows import evaluation_rows
from .evaluations import Evaluations
from .game import Game
from .hiding import AttentionOff, Delete, FillIn, Hiding, MaskPiece, NeutralPiece
from .query import Query

__all__ = [
    "AttentionOff", "Bank", "Delete", "Evaluations", "FillIn", "Game", "Hiding", "MaskPiece", "NeutralPiece", "Query",
    "bank", "evaluation_rows",
]  # fmt: skip
