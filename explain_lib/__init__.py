"""Explanations of language models: perturbation, attribution, stability and boundaries of predicted entities.

Names are resolved on first use, so that `import explain_lib` loads NumPy only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .analysis import (
        BoundaryReport, EntityErrors, ErrorClass, ErrorComparison, SimilarError, StabilityCost, StabilityReport,
        boundary_cost, boundary_sensitivity, boundary_summary, compare_errors, entity_errors, similar_errors, stability,
        stability_cost, stability_rounds, stability_summary,
    )  # fmt: skip
    from .attribution import (
        AttentionRollout, AttnLRP, Banzhaf, BoundaryLexicon, CaptumMethod, ConceptVectors, DocumentConcept, Estimate,
        Exact, FaithBanzhaf, FaithShap, GlobalShap, GradientAttention, GradientInput, GradientShap, HomogeneityWeighted,
        IntegratedGradients, KernelShap, Lexicon, Lime, LimeMethod, Occlusion, Owen, PadPiece, PerPair, PerUnit,
        PermutationShap, RelevanceLedger, ShapMethod, ShapleyInteraction, Slices, SmoothGrad, SpanConcept, WordConcept,
        WordImportance, ZeroEmbedding, by_meta, explain, explain_global, explain_many, interactions, nearest_units,
        pick, relevance_ledger, strongest_units, subtract,
    )  # fmt: skip
    from .core import (
        NO_ENTITY, Alignment, Attribution, Corpus, CorpusTable, Document, GlobalAttribution, Hierarchy, Interactions,
        Measure, Prediction, Problem, Span, Target, Units, entity_units, hierarchy, longer,
    )  # fmt: skip
    from .corpora import (
        Correction, CorrectionKind, Corrections, PlantedSettings, PlantedSwap, characters, clauses, corrected,
        demo_documents, join_spans, planted_documents, planted_swaps, planted_truth, read_corpus, sections, sentences,
        words, write_corpus,
    )  # fmt: skip
    from .evaluation import (
        AgreementReport, EntityScores, FaithfulnessReport, FaithfulnessSettings, PlausibilityReport,
        RandomizationReport, agreement, entity_scores, faithfulness, faithfulness_cost, plausibility, randomization,
        selfcheck,
    )  # fmt: skip
    from .fusion import (
        Fused, FusionCalibration, FusionPrior, FusionProof, FusionTrade, GateFusion, JointFusion, LearnedGate,
        MeanFusion, PrecisionFusion, ProofSettings, RankFusion, fit_fusion, fuse, learn_gate, prove_fusion,
    )  # fmt: skip
    from .models import Transitions, demo_fill_in, demo_model, load_fill_in, load_model, planted_model, predict
    from .perturbation import (
        AttentionOff, Bank, BoundaryMask, BoundaryModifier, BoundaryPunctuation, BoundaryReplacement,
        BoundaryWordElsewhere, CharacterNoise, Concatenation, ContextDeletion, ContextMask, Delete, DropoutViews,
        EmbeddingNoise, EntitySwap, FillIn, Game, Jitter, MaskPiece, MaskedSubstitution, NeutralPiece, Phrases, Query,
        Synonym, Truncation, bank, entity_names, shared_units,
    )  # fmt: skip
    from .sweep import document_seed, explain_corpus, gold, predicted, predicted_and_gold

_HOMES = {
    "fusion": (
        "Fused", "FusionCalibration", "FusionPrior", "FusionProof", "FusionTrade", "GateFusion", "JointFusion",
        "LearnedGate", "MeanFusion", "PrecisionFusion", "ProofSettings", "RankFusion", "fit_fusion", "fuse",
        "learn_gate", "prove_fusion",
    ),
    "analysis": (
        "BoundaryReport", "EntityErrors", "ErrorClass", "ErrorComparison", "SimilarError", "StabilityCost",
        "StabilityReport", "boundary_cost", "boundary_sensitivity", "boundary_summary", "compare_errors",
        "entity_errors", "similar_errors", "stability", "stability_cost", "stability_rounds", "stability_summary",
    ),
    "sweep": ("document_seed", "explain_corpus", "gold", "predicted", "predicted_and_gold"),
    "core": (
        "NO_ENTITY", "Alignment", "Attribution", "Corpus", "CorpusTable", "Document", "GlobalAttribution", "Hierarchy",
        "Interactions", "Measure", "Prediction", "Problem", "Span", "Target", "Units", "entity_units", "hierarchy",
        "longer",
    ),
    "corpora": (
        "Correction", "CorrectionKind", "Corrections", "PlantedSettings", "PlantedSwap", "characters", "clauses",
        "corrected", "demo_documents", "join_spans", "planted_documents", "planted_swaps", "planted_truth",
        "read_corpus", "sections", "sentences", "words", "write_corpus",
    ),
    "evaluation": (
        "AgreementReport", "EntityScores", "FaithfulnessReport", "FaithfulnessSettings", "PlausibilityReport",
        "RandomizationReport", "agreement", "entity_scores", "faithfulness", "faithfulness_cost", "plausibility",
        "randomization", "selfcheck",
    ),
    "models": (
        "Transitions", "demo_fill_in", "demo_model", "load_fill_in", "load_model", "planted_model", "predict",
    ),
    "perturbation": (
        "AttentionOff", "Bank", "BoundaryMask", "BoundaryModifier", "BoundaryPunctuation", "BoundaryReplacement",
        "BoundaryWordElsewhere", "CharacterNoise", "Concatenation", "ContextDeletion", "ContextMask", "Delete",
        "DropoutViews", "EmbeddingNoise", "EntitySwap", "FillIn", "Game", "Jitter", "MaskPiece", "MaskedSubstitution",
        "NeutralPiece", "Phrases", "Query", "Synonym", "Truncation", "bank", "entity_names", "shared_units",
    ),
    "attribution": (
        "AttentionRollout", "AttnLRP", "Banzhaf", "BoundaryLexicon", "CaptumMethod", "ConceptVectors",
        "DocumentConcept", "Estimate", "Exact", "FaithBanzhaf", "FaithShap", "GlobalShap", "GradientAttention",
        "GradientInput", "GradientShap", "HomogeneityWeighted", "IntegratedGradients", "KernelShap", "Lexicon", "Lime",
        "LimeMethod", "Occlusion", "Owen", "PadPiece", "PerPair", "PerUnit", "PermutationShap", "RelevanceLedger",
        "ShapMethod", "ShapleyInteraction", "Slices", "SmoothGrad", "SpanConcept", "WordConcept", "WordImportance",
        "ZeroEmbedding", "by_meta", "explain", "explain_global", "explain_many", "interactions", "nearest_units",
        "pick", "relevance_ledger", "strongest_units", "subtract",
    ),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NO_ENTITY", "AgreementReport", "Alignment", "AttentionOff", "AttentionRollout", "AttnLRP", "Attribution",
    "Bank", "Banzhaf", "BoundaryLexicon", "BoundaryMask", "BoundaryModifier", "BoundaryPunctuation",
    "BoundaryReplacement", "BoundaryReport", "BoundaryWordElsewhere", "CaptumMethod", "CharacterNoise",
    "Concatenation", "ConceptVectors", "ContextDeletion", "ContextMask", "Corpus", "CorpusTable", "Correction",
    "CorrectionKind", "Corrections", "Delete", "Document", "DocumentConcept", "DropoutViews", "EmbeddingNoise",
    "EntityErrors", "EntityScores", "EntitySwap", "ErrorClass", "ErrorComparison", "Estimate", "Exact",
    "FaithBanzhaf", "FaithShap", "FaithfulnessReport", "FaithfulnessSettings", "FillIn", "Fused",
    "FusionCalibration", "FusionPrior", "FusionProof", "FusionTrade", "Game", "GateFusion", "GlobalAttribution",
    "GlobalShap", "GradientAttention", "GradientInput", "GradientShap", "Hierarchy", "HomogeneityWeighted",
    "IntegratedGradients", "Interactions", "Jitter", "JointFusion", "KernelShap", "LearnedGate", "Lexicon", "Lime",
    "LimeMethod", "MaskPiece", "MaskedSubstitution", "MeanFusion", "Measure", "NeutralPiece", "Occlusion", "Owen",
    "PadPiece", "PerPair", "PerUnit", "PermutationShap", "Phrases", "PlantedSettings", "PlantedSwap",
    "PlausibilityReport", "PrecisionFusion", "Prediction", "Problem", "ProofSettings", "Query",
    "RandomizationReport", "RankFusion", "RelevanceLedger", "ShapMethod", "ShapleyInteraction", "SimilarError",
    "Slices", "SmoothGrad", "Span", "SpanConcept", "StabilityCost", "StabilityReport", "Synonym", "Target",
    "Transitions", "Truncation", "Units", "WordConcept", "WordImportance", "ZeroEmbedding", "agreement", "bank",
    "boundary_cost", "boundary_sensitivity", "boundary_summary", "by_meta", "characters", "clauses",
    "compare_errors", "corrected", "demo_documents", "demo_fill_in", "demo_model", "document_seed", "entity_errors",
    "entity_names", "entity_scores", "entity_units", "explain", "explain_corpus", "explain_global", "explain_many",
    "faithfulness", "faithfulness_cost", "fit_fusion", "fuse", "gold", "hierarchy", "interactions", "join_spans",
    "learn_gate", "load_fill_in", "load_model", "longer", "nearest_units", "pick", "planted_documents",
    "planted_model", "planted_swaps", "planted_truth", "plausibility", "predict", "predicted", "predicted_and_gold",
    "prove_fusion", "randomization", "read_corpus", "relevance_ledger", "sections", "selfcheck", "sentences",
    "shared_units", "similar_errors", "stability", "stability_cost", "stability_rounds", "stability_summary",
    "strongest_units", "subtract", "words", "write_corpus",
]  # fmt: skip
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'explain_lib' has no attribute {name!r}; it offers {', '.join(__all__)}.")
    value = getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
