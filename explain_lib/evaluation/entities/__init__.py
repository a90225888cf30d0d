"""Scores of predicted entities: matching spans one to one, and what each pair earns."""

from .counts import CREDITS, SchemeCounts
from .matching import Match, Matching, Tier, intersection_over_union, match_spans
from .scores import ALL_LABELS, EntityScores, checked, entity_scores, kept, score_spans

__all__ = [
    "ALL_LABELS", "CREDITS", "EntityScores", "Match", "Matching", "SchemeCounts", "Tier", "checked", "entity_scores",
    "intersection_over_union", "kept", "match_spans", "score_spans",
]  # fmt: skip
