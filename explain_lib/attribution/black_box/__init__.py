"""Black-box methods: a sampler, which says what to keep, and a reducer, which turns the answers into scores."""

from .banzhaf import Banzhaf
from .exact import Exact
from .kernel_shap import KernelShap
from .lime import Lime
from .occlusion import Occlusion
from .owen import Owen
from .permutation_shap import PermutationShap
from .recipe import Answers, BlackBox, ask

__all__ = [
    "Answers", "Banzhaf", "BlackBox", "Exact", "KernelShap", "Lime", "Occlusion", "Owen", "PermutationShap", "ask",
]  # fmt: skip
