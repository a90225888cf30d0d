"""shap's gradient explainers on input embeddings, pooled to units by the alignment."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.target_row import TargetRow
from explain_lib.models.graphs import graphs

from .embedded_scores import EmbeddedScores, embedded_estimate, unchanged
from .seeds import isolated
from .settings import Settings, sort_settings

if TYPE_CHECKING:
    from explain_lib.perturbation.query import Query

FILLED = ("model", "data", "session", "learning_phase_flags", "X", "ranked_outputs", "output_rank_order",
          "return_variances", "rseed")  # fmt: skip
EMBEDDED_CLASSES: dict[str, dict[str, Any]] = {
    "GradientExplainer": {"nsamples": 20},
    "DeepExplainer": {},
}


@graphs()
def embedded_estimate_of(
    cls: Any, name: str, settings: Settings, query: Query, rng: np.random.Generator
) -> Estimate:
    """Score all units of a query; all targets come from one run."""
    target_row = TargetRow.of(query)
    create, call = sort_settings(cls, settings, [cls.__init__, cls.shap_values], FILLED)
    scores = EmbeddedScores(target_row)
    text, baseline = scores.ends(target_row)
    with isolated(int(rng.integers(2**32))) as draws, unchanged(scores), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"shap\.")
        try:
            found = cls(scores, baseline, **create).shap_values(text, **{**EMBEDDED_CLASSES[name], **call})
        except AssertionError as error:
            raise ValueError(
                f"shap's {cls.__name__} has no rules for this model: {error} Use xl.IntegratedGradients."
            ) from error
    columns = np.asarray(found, dtype=np.float64)[0].reshape(*text.shape[1:], -1).sum(axis=1).T
    return embedded_estimate(target_row, columns, scores.n_rows, draws.happened)
