"""Several attributions of one target side by side: a row a method, a column a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explain_lib.core import Attribution

from .heat import heat_view, largest
from .names import layer_names
from .text import visible

TOP = 40


def comparison_view(attributions: Sequence[Attribution], target: int = 0, top: int = TOP) -> dict[str, Any]:
    """{"units": [unit numbers], "words", "rows": [{"name", "method", "shares", "heat"}], "target", "n_left_out"}.

    `shares` are scores over the largest absolute score of their row, the only way in which methods whose scores count
    different things share a scale; None where a unit was not active. The `heat` of a row holds the scores themselves.
    Units are the `top` with the largest share in any row, in the order of the text.
    """
    if not attributions:
        raise ValueError("there is nothing to compare; give at least one attribution.")
    units, asked = attributions[0].units, attributions[0].targets[target]
    for other in attributions:
        if other.units.document != units.document or other.units.bounds.tolist() != units.bounds.tolist():
            raise ValueError("the attributions are about different documents or units; compare those of one query.")
        if (other.targets[target].span, other.targets[target].label) != (asked.span, asked.label):
            raise ValueError(
                f"target {target} is {asked.name} in one attribution and {other.targets[target].name} in another; "
                "compare attributions of the same entity."
            )
    heats = [heat_view(one, target) for one in attributions]
    names = layer_names([(one, target) for one in attributions])
    shares = np.array([_shares(one, target) for one in attributions])
    strength = np.nan_to_num(np.abs(shares)).max(axis=0)
    chosen = np.sort(np.argsort(-strength, kind="stable")[:top]).tolist()
    return {
        "units": chosen, "words": [visible(units.texts[i]) for i in chosen], "target": heats[0]["target"],
        "n_left_out": len(units) - len(chosen),
        "rows": [
            {
                "name": name, "method": heat["method"], "heat": heat,
                "shares": [None if np.isnan(row[i]) else round(float(row[i]), 6) + 0.0 for i in chosen],
            }
            for name, heat, row in zip(names, heats, shares, strict=True)
        ],
    }  # fmt: skip


def _shares(attribution: Attribution, target: int) -> Any:
    """float64[units]: scores over the largest absolute one, NaN where a unit was not active."""
    scores = attribution.scores[:, target]
    return np.where(attribution.active[:, target], scores / (largest(scores) or 1.0), np.nan)
