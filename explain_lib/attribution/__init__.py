"""Attribution: methods that score the units of a text, and `explain`, which runs them."""

from explain_lib.perturbation.budget import PerUnit

from .attention import AttentionRollout, GradientAttention
from .black_box import Banzhaf, Exact, KernelShap, Lime, Occlusion, Owen, PermutationShap
from .bridges import CaptumMethod, LimeMethod, ShapMethod
from .estimate import Estimate, Method
from .explain import explain, explain_many
from .gradient import GradientInput, GradientShap, IntegratedGradients, PadPiece, SmoothGrad, ZeroEmbedding

__all__ = [
    "AttentionRollout", "Banzhaf", "CaptumMethod", "Estimate", "Exact", "GradientAttention", "GradientInput",
    "GradientShap", "IntegratedGradients", "KernelShap", "Lime", "LimeMethod", "Method", "Occlusion", "Owen",
    "PadPiece", "PerUnit", "PermutationShap", "ShapMethod", "SmoothGrad", "ZeroEmbedding", "explain", "explain_many",
]  # fmt: skip
