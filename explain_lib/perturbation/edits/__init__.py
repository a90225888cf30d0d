"""Edits: small changes of a text, of the forward pass, or of what is kept, one family a file."""

from .bank import Bank, bank
from .change import Change
from .context_mask import ContextMask
from .families import label_keeping, stress
from .family import Edit, Family, Subject
from .gate import Gate, NoNewEntity, ProtectedWords, SpansVerbatim
from .keep_edit import KeepEdit
from .model_edit import ModelEdit
from .text_edit import TextEdit

__all__ = [
    "Bank", "Change", "ContextMask", "Edit", "Family", "Gate", "KeepEdit", "ModelEdit", "NoNewEntity",
    "ProtectedWords", "SpansVerbatim", "Subject", "TextEdit", "bank", "label_keeping", "stress",
]  # fmt: skip
