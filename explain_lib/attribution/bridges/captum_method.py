"""`CaptumMethod`: any attribution class of captum on a query."""

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

_ONE_TEXT = "it needs a batch of examples, and a query is one text"
_CONVOLUTION = "it reads a convolution layer [examples, channels, ...], which a text model has not"
_GENERATED = "it explains generated text"
_RULES = "it has no rules for embeddings, layer normalisation and attention; use xl.AttnLRP"
REFUSED = {
    "FeaturePermutation": _ONE_TEXT, "LayerFeaturePermutation": _ONE_TEXT, "DataLoaderAttribution": _ONE_TEXT,
    "GuidedGradCam": _CONVOLUTION, "LayerGradCam": _CONVOLUTION, "LRP": _RULES, "LayerLRP": _RULES,
    "BaseLLMAttribution": _GENERATED, "LLMAttribution": _GENERATED, "LLMGradientAttribution": _GENERATED,
    "LayerActivation": "it returns activations, which do not look at the score",
    "NeuronAttribution": "it explains a neuron, and a query explains the score of a target",
    "Attribution": "it computes nothing of its own",
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class CaptumMethod(BlackBox):
    """A class of captum, such as captum.attr.LayerDeepLift, with its settings.

    Perturbation classes (FeatureAblation, Occlusion, ShapleyValueSampling, ShapleyValues, KernelShap, Lime, LimeBase)
    see a vector of active units, 1 kept and 0 hidden: they share the query's hiding and its rows, and work on games.
    Gradient classes see the input embeddings in float32, in the Layer variants as a layer that returns them; their
    baseline has every active unit hidden, and their numbers are added up over the pieces of a unit. Classes that
    return a bare gradient (Saliency, GuidedBackprop, Deconvolution, InternalInfluence, multiply_by_inputs=False) give
    its Euclidean length, without a sign. One run per target, all on the same draws.

    `settings` go by name to the constructor or to `.attribute`. Silent defaults that are replaced unless set:
    KernelShap and Lime 25 samples, LimeBase 50 and ShapleyValueSampling 25 orders by `budget`, a bound on distinct
    rows; one row per call by 64; GradientShap and NoiseTunnel 5 draws by 20; Occlusion's window is 1 unit. Silent
    defaults that stay: 50 steps of a path, a lasso of strength .01 in Lime, noise of width 1 in NoiseTunnel, plain
    gradients for every activation that DeepLift has no rule for (GELU, fused attention: see `completeness_gap`).
    NoiseTunnel needs the setting attribution_method, a class.

    `n_evals` counts distinct keep-rows, or forward rows on embeddings. The error is 0 where captum drew nothing,
    else NaN, since captum tells none. TypeError for what is no class of captum, ValueError for a class that cannot
    explain a query, and for settings that it does not know.
    """

    method: type
    settings: Settings = field(default_factory=dict, hash=False)
    budget: Budget = PerUnit(20)

    def __post_init__(self) -> None:
        check_class(self.method, "captum", "captum.attr.LayerIntegratedGradients")
        object.__setattr__(self, "settings", dict(self.settings))
        if self._family in REFUSED or not self._family:
            why = REFUSED.get(self._family, "the bridge does not know how to call it")
            raise ValueError(f"captum's {self.method.__name__} cannot explain a query: {why}.")

    def __repr__(self) -> str:
        return written("CaptumMethod", self.method, self.settings, budget=self.budget)

    @property
    def _family(self) -> str:
        """The class of captum that says how this one is called: itself, or the nearest base."""
        from .captum_embeddings import EMBEDDED_CLASSES  # torch is loaded by then: `method` is a class of captum
        from .captum_rows import ROW_CLASSES

        return family_of(self.method, "captum", {*ROW_CLASSES, *EMBEDDED_CLASSES, *REFUSED})

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a game; TypeError for a gradient class."""
        from .captum_rows import ROW_CLASSES, row_estimate

        if self._family not in ROW_CLASSES:
            raise TypeError(f"captum's {self.method.__name__} needs a Query on a model; a Game has no gradients.")
        return row_estimate(self.method, self._family, self.settings, self.budget, game, rng)

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score a game, or all units of a query read in one window."""
        from .captum_embeddings import EMBEDDED_CLASSES, embedded_estimate_of

        if self._family not in EMBEDDED_CLASSES or isinstance(question, Game):
            return super().attribute(question, rng)
        return embedded_estimate_of(self.method, self._family, self.settings, question, rng)
