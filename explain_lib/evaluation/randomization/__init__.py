"""Randomisation: does an explanation change when the model's weights do?"""

from .randomization import randomization
from .report import RandomizationReport

__all__ = ["RandomizationReport", "randomization"]
