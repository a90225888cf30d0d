"""The classes of a document as rows beside its entities: choosing one shows what speaks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explain_lib.core import Attribution, Prediction

from .text import visible

WHOLE_TEXT = "the whole text"


def class_names(attributions: Sequence[Attribution], prediction: Prediction | None = None) -> list[str]:
    """Labels of the prediction and of targets without a span: the likeliest first, then as the targets name them."""
    sure = prediction.labels if prediction else {}
    asked = [t.label for a in attributions for t in a.targets if t.span is None and t.label is not None]
    return sorted(dict.fromkeys((*sure, *asked)), key=lambda label: -sure.get(label, -1.0))


def class_views(names: Sequence[str], prediction: Prediction | None = None) -> list[dict[str, Any]]:
    """One dict per class with the keys of `entity_views`: it covers no unit and lies in no lane (−1)."""
    sure = prediction.labels if prediction else {}
    return [
        {
            "start": 0, "end": 0, "label": visible(name), "text": WHOLE_TEXT, "predicted": None, "gold": False,
            "confidence": round(sure[name], 4) if name in sure else None, "lane": -1, "state": "", "problem": "",
            "corrected": "", "parts": [],
        }
        for name in names
    ]  # fmt: skip
