"""Black-box methods: a sampler, which says what to keep, and a reducer, which turns the answers into scores."""

from .exact import Exact
from .kernel_shap import KernelShap
from .lime import Lime
from .occlusion import Occlusion
from .permutation_shap import PermutationShap
from .recipe import Answers, BlackBox, ask

__all__ = [
    "Answers", "BlackBox", "Exact", "KernelShap", "Lime", "Occlusion", "PermutationShap", "ask",
]  # fmt: skip
