"""All families of edits, ready to use, sorted by what they may be used for."""

from __future__ import annotations

from .boundary_mask import BoundaryMask
from .boundary_modifier import BoundaryModifier
from .boundary_punctuation import BoundaryPunctuation
from .boundary_replacement import BoundaryReplacement
from .boundary_word import BoundaryWordElsewhere
from .character_noise import CharacterNoise
from .concatenation import Concatenation
from .context_deletion import ContextDeletion
from .context_mask import ContextMask
from .dropout_views import DropoutViews
from .embedding_noise import EmbeddingNoise
from .entity_swap import EntitySwap
from .family import Family
from .jitter import Jitter
from .masked_substitution import MaskedSubstitution
from .synonym import Synonym
from .truncation import Truncation


def label_keeping() -> tuple[Family, ...]:
    """Small edits after which entities keep label and ends, with default settings: what a bank draws by default."""
    return (
        ContextMask(), ContextDeletion(), Synonym(), Jitter(), CharacterNoise(), Concatenation(), EmbeddingNoise(),
        DropoutViews(),
    )  # fmt: skip


def consistency() -> tuple[Family, ...]:
    """Families that keep labels too, but change much at once: another entity, half the text gone.

    They ask whether a model treats like things alike; they are no small steps for a measure of sensitivity.
    """
    return (EntitySwap(), Truncation())


def stress() -> tuple[Family, ...]:
    """Families whose edits may rightly change an entity: for boundary sensitivity only."""
    return (
        BoundaryMask(), BoundaryReplacement(), BoundaryPunctuation(), BoundaryModifier(), BoundaryWordElsewhere(),
    )  # fmt: skip


def on_request() -> tuple[Family, ...]:
    """Families that a bank never draws unasked: those that run another model, and slips inside the entity.

    `MaskedSubstitution` keeps labels, and costs rows of a masked language model that shares the tokenizer's pieces.
    """
    return (MaskedSubstitution(), CharacterNoise(inside=True))
