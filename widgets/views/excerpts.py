"""Excerpts: a few words of a text around spans, with runs that say what is gold and what was predicted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from explain_lib.core import Document, Span

from .text import page_language, visible

AROUND = 40  # characters on either side


def excerpts(caption: str, chosen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """{"caption", "excerpts"}: the part of a report that `excerpt` fills."""
    return {"caption": visible(caption), "excerpts": list(chosen)}


def excerpt(  # noqa: PLR0913  # a text, where to look, and the spans of both sides
    name: str, document: Document, at: tuple[int, int], gold: Sequence[Span], predicted: Sequence[Span], note: str = ""
) -> dict[str, Any]:
    """{"name", "lang", "runs": [{"text", "gold", "predicted", "own"}], "note"} of the characters around `at`.

    A run is a stretch of characters with the same marks; `own` where it lies in `at`, the place that this is about.
    Line breaks and tabs become blanks, so that an excerpt is one line; "…" stands where text was cut off.
    """
    low, high = max(0, at[0] - AROUND), min(len(document.text), at[1] + AROUND)
    marks = [(_covers(gold, i), _covers(predicted, i), at[0] <= i < at[1]) for i in range(low, high)]
    runs = []
    for (is_gold, is_predicted, is_own), group in groupby(range(low, high), key=lambda i: marks[i - low]):
        text = "".join(document.text[i] for i in group)
        runs.append({"text": one_line(text), "gold": is_gold, "predicted": is_predicted, "own": is_own})
    plain = {"gold": False, "predicted": False, "own": False}
    cut = [{"text": "…", **plain}]
    return {
        "name": visible(name), "lang": page_language(document.lang),
        "runs": [*(cut if low else []), *runs, *(cut if high < len(document.text) else [])], "note": visible(note),
    }  # fmt: skip


def _covers(spans: Sequence[Span], i: int) -> bool:
    return any(start <= i < end for span in spans for start, end in span.parts)


def one_line(text: str) -> str:
    """Visible characters; line breaks and tabs as blanks."""
    return visible(text.replace("\r\n", "  ").replace("\n", " ").replace("\r", " ").replace("\t", " "))
