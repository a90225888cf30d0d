"""Attribution: methods that score the units of a text, and `explain`, which runs them."""

from explain_lib.perturbation.budget import PerUnit

from .black_box import Exact, KernelShap, Lime, Occlusion, PermutationShap
from .estimate import Estimate, Method
from .explain import explain
from .gradient import GradientInput, IntegratedGradients

__all__ = [
    "Estimate", "Exact", "GradientInput", "IntegratedGradients", "KernelShap", "Lime", "Method", "Occlusion",
    "PerUnit", "PermutationShap", "explain",
]  # fmt: skip
