"""Plausibility: how well an attribution agrees with what people marked, or with a planted truth."""

from .plausibility import plausibility
from .report import PlausibilityReport

__all__ = ["PlausibilityReport", "plausibility"]
