"""Scores of one target as the page shows them, and layers: several such pictures over one text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explain_lib.core import Attribution, Span, Target

from .names import contrast, layer_names
from .text import visible

_DIGITS = 6
_SCORE_NAMES = {"log_odds": "log-odds", "log_prob": "log-probability", "probability": "probability"}
ARM_LINES = {
    "context": "Context: the entity's own words are always kept; scores show what around it carries the decision.",
    "all units": "All units: every word may be hidden, the entity's own too; those usually hold most of the score.",
}
_TEXT_LINE = "The whole text: scores show which words speak for this class and which against it."


def heat_view(attribution: Attribution, target: int, vmax: float | None = None) -> dict[str, Any]:
    """Scores, standard errors, 95 % intervals and active flags per unit for one target, and where they come from.

    `vmax` is the score at which a shared colour scale is full; it defaults to the largest absolute score of the target.
    Numbers that are not finite become None, since JSON has no word for them.
    """
    one = attribution.target(target)
    low, high = one.interval(0.95)[:, :, 0]
    scores = one.scores[:, 0]
    return {
        "scores": numbers(scores), "errors": numbers(one.std_error[:, 0]), "low": numbers(low), "high": numbers(high),
        "active": one.active[:, 0].tolist(), "vmax": number(largest(scores) if vmax is None else vmax),
        "base": number(one.base_value[0]), "full": number(one.full_value[0]), "gap": number(one.completeness_gap[0]),
        "quantity": quantity(one), "arm": one.provenance.arm, "about": _about(one),
        "method": repr(one.method), "rows": one.n_evals, "model": visible(one.provenance.model),
        "hiding": one.provenance.hiding, "target": target_name(one.targets[0], one.units.document.text),
    }  # fmt: skip


def _about(one: Attribution) -> str:
    return ARM_LINES.get(one.provenance.arm, "") if one.targets[0].span else _TEXT_LINE


def target_name(target: Target, text: str) -> str:
    """A target in words: label, the text of its span, and the contrast if there is one."""
    words = f" “{target.span.text_of(text)}”" if target.span else ""
    return visible(f"{target.label}{words}{contrast(target)}")


def quantity(attribution: Attribution) -> str:
    """What the scores count, in words."""
    return quantity_of(attribution.targets[0], attribution.provenance.score)


def quantity_of(target: Target, score: str) -> str:
    """What a target is scored by, in words."""
    if target.margin is not None:
        return f"{target.margin} margin (logits or log-odds)"
    if target.versus is not None:
        return "log-probability difference"
    return _SCORE_NAMES.get(score, score or "score")


def layer_views(
    attributions: Sequence[Attribution], spans: Sequence[Span], classes: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """One layer per method, arm and contrast: {"name", "heats": {row as text: heat}}.

    Rows are the entities in the order of `spans`, then the classes of the document. All heats of a layer share one
    colour scale.
    """
    cells = [(attribution, i) for attribution in attributions for i in range(len(attribution.targets))]
    layers: dict[str, list[tuple[int, Attribution, int]]] = {}
    for name, (attribution, i) in zip(layer_names(cells), cells, strict=True):
        target = attribution.targets[i]
        row = len(spans) + classes.index(target.label or "") if target.span is None else spans.index(target.span)
        layers.setdefault(name, []).append((row, attribution, i))
    return [{"name": name, "heats": _shared_scale(members)} for name, members in layers.items()]


def carried_layers(layers: Sequence[dict[str, Any]], origin: Sequence[int] | None) -> list[dict[str, Any]]:
    """Layers on the units of a rewritten text: `origin` is for each the unit of the document, −1 for a new one."""
    if origin is None:
        return list(layers)
    return [
        {**layer, "heats": {row: _carried(heat, origin) for row, heat in layer["heats"].items()}} for layer in layers
    ]


def _carried(heat: Mapping[str, Any], origin: Sequence[int]) -> dict[str, Any]:
    rows = {name: [None if i < 0 else heat[name][i] for i in origin] for name in ("scores", "errors", "low", "high")}
    return {**heat, **rows, "active": [i < 0 or heat["active"][i] for i in origin]}


def largest(scores: Any) -> float:
    """The largest absolute finite score, 0.0 if there is none."""
    finite = np.abs(np.asarray(scores, dtype=np.float64))
    finite = finite[np.isfinite(finite)]
    return float(finite.max()) if finite.size else 0.0


def number(value: Any) -> float | None:
    """A JSON number, or None where there is none."""
    value = float(value)
    return round(value, _DIGITS) + 0.0 if math.isfinite(value) else None


def numbers(values: Any) -> list[float | None]:
    """JSON numbers of a row of values."""
    rounded = np.asarray(values, dtype=np.float64).round(_DIGITS) + 0.0
    return [value if math.isfinite(value) else None for value in rounded.tolist()]


def _shared_scale(members: Sequence[tuple[int, Attribution, int]]) -> Mapping[str, Any]:
    vmax = max(largest(attribution.scores[:, i]) for _, attribution, i in members)
    return {str(entity): heat_view(attribution, i, vmax) for entity, attribution, i in members}
