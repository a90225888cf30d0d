"""Several attributions of one target side by side: a row a method, a column a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explain_lib.core import Attribution

from .heat import heat_view, largest
from .names import layer_names
from .side_by_side import in_score_units
from .text import visible

TOP = 40


def comparison_view(attributions: Sequence[Attribution], target: int = 0, top: int = TOP) -> dict[str, Any]:
    """{"units": [unit numbers], "words", "rows": [{"name", "method", "shares", "heat"}], "target", "n_left_out",
    "is_shared"}.

    `shares` are scores over the largest absolute score, None where a unit was not active: over that of all rows
    (`is_shared`) where all count in units of one score and ask in one arm, else over that of their row. The `heat` of a
    row holds the scores themselves. Units are the `top` with the largest share in any row, in the order of the text.
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
    is_shared = len({(heat["quantity"], heat["arm"]) for heat in heats}) == 1 and all(map(in_score_units, attributions))
    most = max(largest(one.scores[:, target]) for one in attributions) if is_shared else 0.0
    names = layer_names([(one, target) for one in attributions])
    shares = np.array([_shares(one, target, most) for one in attributions])
    strength = np.nan_to_num(np.abs(shares)).max(axis=0)
    chosen = np.sort(np.argsort(-strength, kind="stable")[:top]).tolist()
    return {
        "units": chosen, "words": [visible(units.texts[i]) for i in chosen], "target": heats[0]["target"],
        "n_left_out": len(units) - len(chosen), "is_shared": is_shared,
        "rows": [
            {
                "name": name, "method": heat["method"], "heat": heat,
                "shares": [None if np.isnan(row[i]) else round(float(row[i]), 6) + 0.0 for i in chosen],
            }
            for name, heat, row in zip(names, heats, shares, strict=True)
        ],
    }  # fmt: skip


def _shares(attribution: Attribution, target: int, most: float) -> Any:
    """float64[units]: scores over `most`, where that is 0 over the largest of them; NaN where a unit was not active."""
    scores = attribution.scores[:, target]
    return np.where(attribution.active[:, target], scores / (most or largest(scores) or 1.0), np.nan)
