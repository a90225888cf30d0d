"""Pairwise interactions: which units act together, beyond what each does alone."""

from .choice import nearest_units, strongest_units
from .explain_pairs import interactions
from .faith_banzhaf import FaithBanzhaf
from .faith_shap import FaithShap
from .pair_method import PairEstimate, PairMethod
from .shapley_interaction import ShapleyInteraction

__all__ = [
    "FaithBanzhaf", "FaithShap", "PairEstimate", "PairMethod", "ShapleyInteraction", "interactions", "nearest_units",
    "strongest_units",
]  # fmt: skip
