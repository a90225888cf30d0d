"""Attention methods: controls that follow attention weights instead of the score's response to a change."""

from .gradient_attention import GradientAttention
from .rollout import AttentionRollout

__all__ = ["AttentionRollout", "GradientAttention"]
