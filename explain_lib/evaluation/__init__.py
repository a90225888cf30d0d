"""Evaluation: does a model keep the promises that explanations rest on?"""

from .check_report import Check, SelfCheckReport
from .entities import EntityScores, entity_scores
from .faithfulness import FaithfulnessReport, FaithfulnessSettings, faithfulness
from .selfcheck import selfcheck

__all__ = [
    "Check", "EntityScores", "FaithfulnessReport", "FaithfulnessSettings", "SelfCheckReport", "entity_scores",
    "faithfulness", "selfcheck",
]  # fmt: skip
