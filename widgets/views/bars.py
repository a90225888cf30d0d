"""The strongest units of one target as bars with error bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

TOP = 12


def bars_view(text: Mapping[str, Any], heat: Mapping[str, Any], top: int = TOP) -> dict[str, Any]:
    """{"bars": [{"unit", "name", "score", "low", "high"}, ...], "kept", "quantity", "target"} from text and heat views.

    Bars run from the strongest to the weakest of the `top` active units whose score is not 0. Units that share their
    text get their number in the name; `kept` names the units that were never hidden.
    """
    words = [unit for _, unit in text["units"]]
    seen = Counter(words)
    active = [i for i, is_active in enumerate(heat["active"]) if is_active and heat["scores"][i]]
    strongest = sorted(active, key=lambda i: (-abs(heat["scores"][i]), i))[:top]
    bars = [
        {
            "unit": i, "name": f"{words[i]} ({i + 1})" if seen[words[i]] > 1 else words[i],
            "score": heat["scores"][i], "low": heat["low"][i], "high": heat["high"][i],
        }
        for i in strongest
    ]  # fmt: skip
    kept = [words[i] for i, is_active in enumerate(heat["active"]) if not is_active]
    return {"bars": bars, "kept": kept, "quantity": heat["quantity"], "target": heat["target"]}
