"""Scores of predicted entities: matching spans one to one, and what each pair earns."""

from .counted import CountedSpans, Labels, counted_spans
from .counts import CREDITS, SchemeCounts
from .matching import Match, Matching, Tier, intersection_over_union, match_spans
from .scores import ALL_LABELS, EntityScores, entity_scores, score_spans

__all__ = [
    "ALL_LABELS", "CREDITS", "CountedSpans", "EntityScores", "Labels", "Match", "Matching", "SchemeCounts", "Tier",
    "counted_spans", "entity_scores", "intersection_over_union", "match_spans", "score_spans",
]  # fmt: skip
