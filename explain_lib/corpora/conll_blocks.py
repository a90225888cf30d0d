"""Writing a document as columns: tokens with BIO tags, and the text in a comment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from ..core import Document, Span
from .segmentation import default_units

_LINE_BREAK = re.compile(r"[\r\n]")
_NO_LABEL = re.compile(r"|.*[\t\r\n].*|.*\s", re.DOTALL)


def flattened(document: Document) -> tuple[Document, tuple[str, ...]]:
    """The document with spans that share no character, longer ones first, and the reasons why others had to go."""
    kept: list[Span] = []
    complaints = []
    for span in sorted(document.spans, key=lambda span: (span.start - span.end, span.start)):
        why = _why_not(span, document.text) or next(
            (_against(span, other) for other in kept if span.overlaps(other)), ""
        )
        if why:
            complaints.append(f"span {span.start}–{span.end} {why}")
        else:
            kept.append(span)
    return replace(document, spans=tuple(sorted(kept))), tuple(complaints)


def block(document: Document) -> str:
    """Comments with id and text, one line of token and tag for each part of the text, and a blank line's room."""
    lines = [f"# sent_id = {document.id}"] if document.id and not _LINE_BREAK.search(document.id) else []
    if _LINE_BREAK.search(document.text) or document.text != document.text.strip():
        lines.append(f"# text_json = {json.dumps(document.text, ensure_ascii=True)}")
    else:
        lines.append(f"# text = {document.text}")
    starts = {span.start: span for span in document.spans}
    inside: Span | None = None
    for start, end in _tokens(document):
        opens = start in starts
        inside = starts.get(start, inside if inside and start < inside.end else None)
        tag = f"{'B' if opens else 'I'}-{inside.label}" if inside else "O"
        lines.append(f"{document.text[start:end]}\t{tag}")
    return "\n".join(lines) + "\n"


def _tokens(document: Document) -> Iterator[tuple[int, int]]:
    """The default units, cut again where a span begins or ends inside one."""
    cuts = sorted({end for span in document.spans for end in (span.start, span.end)})
    for start, end in default_units(document).bounds.tolist():
        inner = [start, *(cut for cut in cuts if start < cut < end), end]
        yield from zip(inner, inner[1:], strict=False)


def _why_not(span: Span, text: str) -> str:
    if span.is_discontinuous:
        return "is discontinuous"
    if (mention := text[span.start : span.end]) != mention.strip():
        return "begins or ends with white space"
    return "has a label that no column can hold" if _NO_LABEL.fullmatch(span.label) else ""


def _against(span: Span, other: Span) -> str:
    how = "crosses" if span.crosses(other) else "lies within"
    return f"{how} {other.start}–{other.end}, and columns are flat"
