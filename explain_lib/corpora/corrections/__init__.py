"""Corrections: what readers made of predicted and gold spans, kept apart from both."""

from .corrected import amended, corrected
from .correction import Correction, CorrectionKind, text_digest
from .corrections import Corrections

__all__ = ["Correction", "CorrectionKind", "Corrections", "amended", "corrected", "text_digest"]
