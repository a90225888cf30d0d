"""Evaluation: does a model keep the promises that explanations rest on?"""

from .agreement import AgreementReport, agreement
from .check_report import Check, SelfCheckReport
from .entities import EntityScores, entity_scores
from .faithfulness import FaithfulnessReport, FaithfulnessSettings, faithfulness, faithfulness_cost
from .plausibility import PlausibilityReport, plausibility
from .randomization import RandomizationReport, randomization
from .selfcheck import selfcheck

__all__ = [
    "AgreementReport", "Check", "EntityScores", "FaithfulnessReport", "FaithfulnessSettings", "PlausibilityReport",
    "RandomizationReport", "SelfCheckReport", "agreement", "entity_scores", "faithfulness", "faithfulness_cost",
    "plausibility", "randomization", "selfcheck",
]  # fmt: skip
