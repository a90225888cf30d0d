"""`ShapMethod`: the explainers of shap on a query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.attribution.black_box.recipe import BlackBox
from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, PerUnit
from explain_lib.perturbation.game import Game

from .settings import Settings, check_class, family_of, written

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query

_OTHER_MODELS = "it reads the inside of another kind of model"
REFUSED = {
    "TreeExplainer": _OTHER_MODELS, "GPUTreeExplainer": _OTHER_MODELS, "LinearExplainer": _OTHER_MODELS,
    "AdditiveExplainer": "it holds for models without interactions only",
    "Explainer": "it chooses a class by itself; name the one you want, such as shap.PermutationExplainer",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class ShapMethod(BlackBox):
    """A class of shap, such as shap.PermutationExplainer, with its settings.

    Exact, Permutation, Partition, Coalition, Kernel and SamplingExplainer see a vector of active units, 1 kept and 0
    hidden: no text is masked or tokenised by shap, and the query's rows are shared; they work on games too.
    GradientExplainer and DeepExplainer see the input embeddings, against those with every active unit hidden. All
    targets come from one run.

    `settings` go by name to the constructor or to the call. `clustering`, a SciPy linkage over the active units, is
    the tree of Partition (by default halves of halves in the order of the text) and, if given, of Exact. Coalition
    needs `partition_tree`, in which the units are named "0", "1", …, and asks for the rows that it takes.
    Silent defaults that are replaced unless set: Partition and Permutation stop at 500 evaluations, Kernel at
    2 · units + 2048 and Sampling at 2000, all by `budget`, a bound on distinct rows; Kernel keeps ten features, here
    all (l1_reg=False); GradientExplainer takes 200 draws, here 20. Partition, cut short by its budget, shares what is
    left equally within a group: its error is then NaN.

    The error is 0 where nothing was drawn, else NaN: shap's own error_bounds is the spread of single orders that are
    not independent. TypeError for what is no class of shap, ValueError for a class that cannot explain a query, and
    for settings that it does not know.
    """

    method: type
    settings: Settings = field(default_factory=dict, hash=False)
    budget: Budget = PerUnit(20)

    def __post_init__(self) -> None:
        check_class(self.method, "shap", "shap.PermutationExplainer")
        object.__setattr__(self, "settings", dict(self.settings))
        if self._family in REFUSED or not self._family:
            why = REFUSED.get(self._family, "the bridge does not know how to call it")
            raise ValueError(f"shap's {self.method.__name__} cannot explain a query: {why}.")

    def __repr__(self) -> str:
        return written("ShapMethod", self.method, self.settings, budget=self.budget)

    @property
    def _family(self) -> str:
        """The class of shap that says how this one is called: itself, or the nearest base."""
        from .shap_embeddings import EMBEDDED_CLASSES  # imported where used: it loads torch
        from .shap_rows import ROW_CLASSES

        return family_of(self.method, "shap", {*ROW_CLASSES, *EMBEDDED_CLASSES, *REFUSED})

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a game; TypeError for a gradient class."""
        from .shap_rows import ROW_CLASSES, row_estimate

        if self._family not in ROW_CLASSES:
            raise TypeError(f"shap's {self.method.__name__} needs a Query on a model; a Game has no gradients.")
        return row_estimate(self.method, self._family, self.settings, self.budget, game, rng)

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score a game, or all units of a query read in one window."""
        from .shap_embeddings import EMBEDDED_CLASSES, embedded_estimate_of

        if self._family not in EMBEDDED_CLASSES or isinstance(question, Game):
            return super().attribute(question, rng)
        return embedded_estimate_of(self.method, self._family, self.settings, question, rng)
