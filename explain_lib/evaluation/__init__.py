"""Evaluation: does a model keep the promises that explanations rest on?"""

from .check_report import Check, SelfCheckReport
from .selfcheck import selfcheck

__all__ = ["Check", "SelfCheckReport", "selfcheck"]
