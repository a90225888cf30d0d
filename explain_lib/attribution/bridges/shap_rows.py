"""shap's explainers of plain functions: a feature is an active unit, its value 1 and its background 0 (hidden)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, allowed_rows
from explain_lib.perturbation.game import Game

from .asked_rows import AskedRows
from .seeds import isolated
from .settings import Settings, sort_settings

Floats = npt.NDArray[np.float64]
FILLED = (
    "model", "masker", "data", "X", "y", "outputs", "error_bounds", "main_effects", "interactions", "args",
    "feature_names", "seed",
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How an explainer is called: through `.shap_values` or itself, and what a budget means for it.

    `hidden_names` are settings that its signature does not show; `tree`: whether its masker carries one.
    """

    given: Callable[[int, int], dict[str, Any]]
    call: str = "__call__"
    hidden_names: tuple[str, ...] = ()
    tree: Literal["never", "if given", "always"] = "never"


def _evaluations(n_units: int, n_rows: int) -> dict[str, Any]:
    return {"max_evals": n_rows, "silent": True}


def _permutations(n_units: int, n_rows: int) -> dict[str, Any]:
    if n_rows < 2 * n_units + 1:
        raise ValueError(
            f"shap's PermutationExplainer got {n_rows} rows for {n_units} active units; it needs at least "
            f"{2 * n_units + 1}. Raise the budget (PerUnit(20) is the default)."
        )
    return _evaluations(n_units, n_rows)


def _subsets(n_units: int, n_rows: int) -> dict[str, Any]:
    if n_units > 14:
        raise ValueError(
            f"shap's ExactExplainer got {n_units} active units, which is 2 ** {n_units} rows; the bridge allows 14. "
            "Use shap.PermutationExplainer or xl.PermutationShap."
        )
    return {"max_evals": 2**n_units, "silent": True}


def _regression(n_units: int, n_rows: int) -> dict[str, Any]:
    return {"nsamples": max(n_rows - 2, 1), "l1_reg": False, "silent": True}


def _sampling(n_units: int, n_rows: int) -> dict[str, Any]:
    # Each unit takes pairs of rows in two rounds of at least one pair.
    if n_rows < 4 * n_units + 2:
        raise ValueError(
            f"shap's SamplingExplainer got {n_rows} rows for {n_units} active units; it needs at least "
            f"{4 * n_units + 2}. Raise the budget (PerUnit(20) is the default)."
        )
    return {"nsamples": (n_rows - 2) // 2, "silent": True}


ROW_CLASSES: dict[str, Style] = {
    "ExactExplainer": Style(_subsets, tree="if given"),
    "PermutationExplainer": Style(_permutations),
    "PartitionExplainer": Style(_evaluations, tree="always"),
    "CoalitionExplainer": Style(lambda n_units, n_rows: {"silent": True}, tree="always"),
    "SamplingExplainer": Style(_sampling, "shap_values", ("nsamples", "min_samples_per_feature", "silent")),
    "KernelExplainer": Style(_regression, "shap_values", ("nsamples", "l1_reg", "silent", "gc_collect")),
}


def row_estimate(
    cls: Any, name: str, settings: Settings, budget: Budget, game: Game, rng: np.random.Generator
) -> Estimate:
    """Score all units of a game; all targets come from one run."""
    import shap

    style, n_units = ROW_CLASSES[name], game.n_units
    told = {**style.given(n_units, allowed_rows(budget, n_units)), **settings}
    tree = clustering(told.pop("clustering", None), n_units, style.tree)
    create, call = sort_settings(cls, told, [cls.__init__, getattr(cls, style.call)], FILLED, style.hidden_names)
    asked, seed = AskedRows(game), int(rng.integers(2**32))
    ends = asked.values([[0] * n_units, [1] * n_units])
    if n_units == 1:  # one unit has all the effect, and some of these classes fail on it
        return asked.estimate(ends[1:] - ends[:1], is_sampled=False)
    background, ones = np.zeros((1, n_units)), np.ones((1, n_units))
    masker: Any = background
    if style.call == "__call__":
        masks = shap.maskers
        masker = masks.Independent(background) if tree is None else masks.Partition(background, clustering=tree)
    if name == "PermutationExplainer":  # without a seed of its own it takes one from the operating system
        create["seed"] = seed
    values = asked.values
    if name == "CoalitionExplainer":  # it finds the units of `partition_tree` by names, and fails on a single output
        masker.feature_names = [str(unit) for unit in range(n_units)]
        values = lambda rows: np.tile(asked.values(rows), 2)  # noqa: E731
    with isolated(seed) as draws, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"(shap|sklearn|numba)\.")
        explainer = cls(values, masker, **create)
        found = explainer(ones, **call) if style.call == "__call__" else explainer.shap_values(ones, **call)
    scores = np.asarray(getattr(found, "values", found))[0].reshape(n_units, -1, game.n_targets)[:, 0]
    is_cut = name == "PartitionExplainer" and explainer.last_eval_count >= call["max_evals"] - 2
    return asked.estimate(scores, is_cut if name == "PartitionExplainer" else draws.happened)


def clustering(given: Any, n_units: int, wanted: Literal["never", "if given", "always"]) -> Floats | None:
    """A tree over units as a SciPy linkage float64[units − 1, 4]: as given, or halves in the order of the text."""
    if given is None:
        return balanced(n_units) if wanted == "always" else None
    if wanted == "never":
        raise ValueError("the setting 'clustering' is unknown to this class; shap.PartitionExplainer takes it.")
    tree = np.asarray(given, dtype=np.float64)
    if tree.shape != (n_units - 1, 4):
        raise ValueError(
            f"the setting 'clustering' has shape {tree.shape}; for {n_units} active units it needs "
            f"{(n_units - 1, 4)}, as scipy.cluster.hierarchy.linkage returns it."
        )
    return tree


def balanced(n_units: int) -> Floats:
    """Halves of halves in the order of the text, as a linkage: children, height, number of units."""
    rows: list[tuple[float, float, float, float]] = []

    def node(start: int, end: int) -> int:
        if end - start == 1:
            return start
        middle = (start + end) // 2
        left, right = node(start, middle), node(middle, end)
        rows.append((left, right, end - start, end - start))
        return n_units + len(rows) - 1

    node(0, n_units)
    return np.array(rows, dtype=np.float64).reshape(-1, 4)
