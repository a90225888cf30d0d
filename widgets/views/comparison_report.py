"""A comparison as a report: units downwards and methods across, since pages are longer than wide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def comparison_report(view: Mapping[str, Any], caption: str) -> dict[str, Any]:
    """A report view of a comparison view: shares as a coloured matrix, and scores other than 0 with their errors."""
    words, columns = view["words"], [row["name"] for row in view["rows"]]
    shares = [[row["shares"][k] for row in view["rows"]] for k in range(len(words))]
    scores = [[word, *(_score(row["heat"], unit) for row in view["rows"])]
              for word, unit in zip(words, view["units"], strict=True)
              if any(row["heat"]["scores"][unit] for row in view["rows"])]  # fmt: skip
    largest = "the largest score of all methods" if view["is_shared"] else "each method's largest score"
    matrix = {"caption": f"Share of {largest}", "rows": words, "columns": columns, "values": shares}
    table = {"caption": "Scores ± standard errors", "columns": ["unit", *columns], "rows": scores}
    return {"title": "", "notes": [caption], "matrices": [matrix], "tables": [table]}


def _score(heat: Mapping[str, Any], unit: int) -> str | None:
    score, error = heat["scores"][unit], heat["errors"][unit]
    if score is None or not heat["active"][unit]:
        return None
    return f"{score:+.3g}".replace("-", "−") + (f" ± {error:.2g}" if error is not None else " ± ?")
