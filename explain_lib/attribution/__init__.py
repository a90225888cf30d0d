"""Attribution: methods that score the units of a text, and `explain`, which runs them."""

from explain_lib.perturbation.budget import PerUnit

from .black_box import Banzhaf, Exact, KernelShap, Lime, Occlusion, Owen, PermutationShap
from .bridges import CaptumMethod, LimeMethod, ShapMethod
from .estimate import Estimate, Method
from .explain import explain, explain_many
from .gradient import GradientInput, IntegratedGradients

__all__ = [
    "Banzhaf", "CaptumMethod", "Estimate", "Exact", "GradientInput", "IntegratedGradients", "KernelShap", "Lime", "LimeMethod", "Method",
    "Occlusion", "Owen", "PerUnit", "PermutationShap", "ShapMethod", "explain", "explain_many",
]  # fmt: skip
