"""Attribution: methods that score the units of a text, and `explain`, which runs them."""

from explain_lib.perturbation.budget import PerPair, PerUnit

from .attention import AttentionRollout, GradientAttention
from .black_box import Banzhaf, Exact, KernelShap, Lime, Occlusion, Owen, PermutationShap
from .bridges import CaptumMethod, LimeMethod, ShapMethod
from .estimate import Estimate, Method
from .explain import explain, explain_many
from .global_importance import (
    BoundaryLexicon, ConceptVectors, DocumentConcept, GlobalShap, HomogeneityWeighted, Lexicon, Slices, SpanConcept,
    WordConcept, WordImportance, by_meta, explain_global, pick,
)  # fmt: skip
from .gradient import GradientInput, GradientShap, IntegratedGradients, PadPiece, SmoothGrad, ZeroEmbedding
from .interactions import (
    FaithBanzhaf, FaithShap, ShapleyInteraction, interactions, nearest_units, strongest_units,
)  # fmt: skip
from .relevance import AttnLRP, RelevanceLedger, relevance_ledger
from .subtract import subtract

__all__ = [
    "AttentionRollout", "AttnLRP", "Banzhaf", "BoundaryLexicon", "CaptumMethod", "ConceptVectors",
    "DocumentConcept", "Estimate", "Exact", "FaithBanzhaf", "FaithShap", "GlobalShap", "GradientAttention",
    "GradientInput", "GradientShap", "HomogeneityWeighted", "IntegratedGradients", "KernelShap", "Lexicon", "Lime",
    "LimeMethod", "Method", "Occlusion", "Owen", "PadPiece", "PerPair", "PerUnit", "PermutationShap",
    "RelevanceLedger", "ShapMethod", "ShapleyInteraction", "Slices", "SmoothGrad", "SpanConcept", "WordConcept",
    "WordImportance", "ZeroEmbedding", "by_meta", "explain", "explain_global", "explain_many", "interactions",
    "nearest_units", "pick", "relevance_ledger", "strongest_units", "subtract",
]  # fmt: skip
