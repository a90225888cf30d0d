"""Gradient methods: slopes of the score in the space of input embeddings."""

from .gradient_input import GradientInput
from .integrated_gradients import IntegratedGradients

__all__ = ["GradientInput", "IntegratedGradients"]
