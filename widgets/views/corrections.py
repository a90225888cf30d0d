"""The corrections of one document as rows, and the entity that can be corrected as a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explain_lib.core import Document, Span
from explain_lib.corpora import Correction, CorrectionKind

from .excerpts import one_line
from .text import page_language

_WORDS = {
    CorrectionKind.ACCEPT: "accepted", CorrectionKind.CHANGE: "changed", CorrectionKind.DELETE: "deleted",
    CorrectionKind.ADD: "added",
}  # fmt: skip


def corrections_view(
    document: Document, corrections: Sequence[Correction], paints: Mapping[str, Any]
) -> dict[str, Any]:
    """{"lang", "rows": [{"what", "before", "after", "when", "steps", "note"}]} of one document, the last first.

    `before` and `after` are {"label", "text", "paint"} or None; `when` is in ISO 8601, UTC. Changes of what a change or
    an addition made are one row with it, of that many `steps`. `paints` are those of a palette by label.
    """
    rows = [_row(document, chain, paints) for chain in chains(corrections)]
    return {"lang": page_language(document.lang), "rows": rows}


def chains(corrections: Sequence[Correction]) -> list[list[Correction]]:
    """The corrections of one document, each with the changes of what it made; the last first."""
    found: list[list[Correction]] = []
    for one in corrections:
        if found and _goes_on(found[-1][-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    return found[::-1]


def span_words(document: Document, span: Span | None, paints: Mapping[str, Any]) -> dict[str, Any] | None:
    """{"label", "text", "paint"} of a span, None for none; a gap is shown as "…"."""
    if span is None:
        return None
    text = " … ".join(one_line(document.text[start:end]) for start, end in span.parts)
    return {"label": one_line(span.label), "text": text, "paint": paints.get(span.label)}


def _goes_on(last: Correction, one: Correction) -> bool:
    made = last.kind in (CorrectionKind.CHANGE, CorrectionKind.ADD)
    return made and one.kind is CorrectionKind.CHANGE and one.before == last.after


def _row(document: Document, chain: Sequence[Correction], paints: Mapping[str, Any]) -> dict[str, Any]:
    first, last = chain[0], chain[-1]
    return {
        "what": _WORDS[first.kind], "before": span_words(document, first.before, paints),
        "after": span_words(document, last.after, paints), "when": last.time.isoformat(), "steps": len(chain),
        "note": " · ".join(one_line(one.note) for one in chain if one.note),
    }  # fmt: skip
