"""Edits: small changes of a text, of the forward pass, or of what is kept, one family a file."""

from .bank import Bank, bank
from .boundary_mask import BoundaryMask
from .boundary_modifier import BoundaryModifier
from .boundary_punctuation import BoundaryPunctuation
from .boundary_replacement import BoundaryReplacement
from .boundary_word import BoundaryWordElsewhere
from .change import Change
from .character_noise import CharacterNoise
from .concatenation import Concatenation
from .context_deletion import ContextDeletion
from .context_mask import ContextMask
from .dropout_views import DropoutViews
from .embedding_noise import EmbeddingNoise
from .entity_swap import EntitySwap
from .families import consistency, label_keeping, on_request, stress
from .family import Edit, Family, Subject
from .fluent import Fluent
from .gate import CHECKS, Gate, NoNewEntity, ProtectedWords, SpansVerbatim
from .jitter import Jitter
from .keep_edit import KeepEdit
from .masked_substitution import MaskedSubstitution
from .model_edit import ModelEdit
from .readable import StillReadable
from .synonym import Synonym
from .text_edit import TextEdit
from .truncation import Truncation
from .word_lists.phrases import Phrases, entity_names

__all__ = [
    "CHECKS", "Bank", "BoundaryMask", "BoundaryModifier", "BoundaryPunctuation", "BoundaryReplacement",
    "BoundaryWordElsewhere", "Change", "CharacterNoise", "Concatenation", "ContextDeletion", "ContextMask",
    "DropoutViews", "Edit", "EmbeddingNoise", "EntitySwap", "Family", "Fluent", "Gate", "Jitter", "KeepEdit",
    "MaskedSubstitution", "ModelEdit", "NoNewEntity", "Phrases", "ProtectedWords", "SpansVerbatim", "StillReadable",
    "Subject", "Synonym", "TextEdit", "Truncation", "bank", "consistency", "entity_names", "label_keeping",
    "on_request", "stress",
]  # fmt: skip
