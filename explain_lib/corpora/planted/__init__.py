"""Corpora with a planted truth: type and both ends of each entity are decided by known words outside it."""

from .documents import planted_documents
from .settings import PlantedSettings
from .truth import PlantedSwap, planted_swaps, planted_truth

__all__ = ["PlantedSettings", "PlantedSwap", "planted_documents", "planted_swaps", "planted_truth"]
