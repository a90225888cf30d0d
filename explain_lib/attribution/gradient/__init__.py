"""Gradient methods: slopes of the score in the space of input embeddings."""

from .baseline import PadPiece, ZeroEmbedding
from .gradient_input import GradientInput
from .gradient_shap import GradientShap
from .integrated_gradients import IntegratedGradients
from .smooth_grad import SmoothGrad

__all__ = ["GradientInput", "GradientShap", "IntegratedGradients", "PadPiece", "SmoothGrad", "ZeroEmbedding"]
