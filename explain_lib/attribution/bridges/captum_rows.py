"""captum's perturbation classes on keep-rows: a feature is an active unit, its input 1 and its baseline 0 (hidden)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.budget import Budget, allowed_rows
from explain_lib.perturbation.game import Game

from .asked_rows import AskedRows
from .seeds import isolated
from .settings import Settings, sort_settings

FILLED = ("forward_func", "inputs", "baselines", "target", "additional_forward_args", "feature_mask")
ROWS_A_CALL = 64
MAX_ORDERS = 5040  # 7!, what ShapleyValues may walk through


def _orders(n_units: int, n_rows: int) -> dict[str, Any]:
    """Settings of ShapleyValueSampling: an order takes one row per unit, but its last row is the full one."""
    n_orders = (n_rows - 2) // max(n_units - 1, 1)
    if n_orders < 1:
        raise ValueError(
            f"captum's ShapleyValueSampling got {n_rows} rows for {n_units} active units; one order takes "
            f"{n_units + 1}. Raise the budget (PerUnit(20) is the default)."
        )
    return {"n_samples": n_orders}


def _all_orders(n_units: int, n_rows: int) -> dict[str, Any]:
    if n_units > 7:
        raise ValueError(
            f"captum's ShapleyValues walks through all orders of {n_units} active units; the bridge allows "
            f"{MAX_ORDERS} (7 units). Use xl.Exact, which gives the same values up to 14 units, or PermutationShap."
        )
    return {}


def _samples(n_units: int, n_rows: int) -> dict[str, Any]:
    return {"n_samples": n_rows - 2}  # Lime draws the empty and the full row now and then, so they are held back


ROW_CLASSES: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "Occlusion": lambda n_units, n_rows: {"sliding_window_shapes": (1,)},
    "FeatureAblation": lambda n_units, n_rows: {},
    "ShapleyValues": _all_orders,
    "ShapleyValueSampling": _orders,
    "KernelShap": lambda n_units, n_rows: {"n_samples": n_rows},
    "Lime": _samples,
    "LimeBase": _samples,
}  # by name, subclasses first: what a budget means for each, and what captum asks to be told


def row_estimate(
    cls: Any, name: str, settings: Settings, budget: Budget, game: Game, rng: np.random.Generator
) -> Estimate:
    """Score all units of a game by a perturbation class, one run per target on the same draws."""
    n_units, n_rows = game.n_units, allowed_rows(budget, game.n_units)
    told = {**ROW_CLASSES[name](n_units, n_rows), "perturbations_per_eval": ROWS_A_CALL, **settings}
    create, attribute = sort_settings(cls, told, [cls.__init__, cls.attribute], FILLED)
    asked, seed = AskedRows(game), int(rng.integers(2**32))
    if name == "KernelShap" and n_units == 1:  # captum has no size to draw then, and the sum constraint says it all
        ends = asked.values([[0], [1]])
        return asked.estimate(ends[1:] - ends[:1], is_sampled=False)
    ones = torch.ones(1, n_units, dtype=torch.float64)
    if name != "LimeBase":
        attribute["baselines"] = torch.zeros_like(ones)

    def forward(rows: Tensor) -> Tensor:
        return torch.as_tensor(asked.values(rows.detach().numpy()))

    scores, is_sampled = [], False
    for target in range(game.n_targets):
        with isolated(seed) as draws:
            found = cls(forward, **create).attribute(ones, target=target, **attribute)
        scores.append(found.detach().numpy().reshape(-1))
        is_sampled |= draws.happened
    return asked.estimate(np.stack(scores, axis=1), is_sampled)
