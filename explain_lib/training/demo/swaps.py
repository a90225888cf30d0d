"""Dutch sentences told again with other mentions: each entity may be swapped for a term of the same type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from explain_lib.core import Document, Span

Lexicon = Mapping[str, Sequence[str]]


def read_lexicon(path: Path) -> Lexicon:
    """Terms by label from lines of `label TAB term`."""
    terms: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, term = line.partition("\t")
        if term.strip():
            terms[label].append(term.strip())
    return terms


def swapped(document: Document, lexicon: Lexicon, rate: float, rng: np.random.Generator) -> Document:
    """The document with each mention replaced, with probability `rate`, by a term of its label drawn from `lexicon`."""
    text, spans, copied = "", [], 0
    for span in sorted(document.spans):
        terms = lexicon.get(span.label, ())
        mention = document.text[span.start : span.end]
        if terms and rng.random() < rate:
            mention = _cased(terms[int(rng.integers(len(terms)))], mention)
        text += document.text[copied : span.start]
        spans.append(Span(len(text), len(text) + len(mention), span.label))
        text, copied = text + mention, span.end
    return replace(document, text=text + document.text[copied:], spans=tuple(spans))


def _cased(term: str, like: str) -> str:
    """The term with a capital where the mention that it replaces has one and is no abbreviation."""
    return term[0].upper() + term[1:] if like[:1].isupper() and like[1:].islower() else term
