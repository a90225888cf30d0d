"""Ways of hiding a unit: piece ids in, piece ids out, never a re-tokenised text."""

from .attention_off import AttentionOff
from .delete import Delete
from .fill_in import FillIn
from .hiding import Hiding
from .mask_piece import MaskPiece
from .neutral_piece import NeutralPiece

__all__ = ["AttentionOff", "Delete", "FillIn", "Hiding", "MaskPiece", "NeutralPiece"]

