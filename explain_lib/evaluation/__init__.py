"""Evaluation: does a model keep the promises that explanations rest on?"""

from .check_report import Check, SelfCheckReport
from .entities import EntityScores, entity_scores
from .selfcheck import selfcheck

__all__ = ["Check", "EntityScores", "SelfCheckReport", "entity_scores", "selfcheck"]
