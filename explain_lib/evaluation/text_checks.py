"""Checks of what a tokenizer says about a text: where its pieces stand, and what they spell."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from explain_lib.models.protocols import Encoding, Vocabulary
from explain_lib.perturbation import Query

from .check_report import Check, at_least, not_done

_PLAIN = re.compile(r"[0-9a-z\u3400-\u9fff]+")
_MARKS = "#▁ĠĊ@_</w>"


def offsets_cover(query: Query) -> Check:
    """Every visible character of the text belongs to a piece, and every piece lies in the text."""
    text, offsets = query.document.text, query.encoding.offsets
    covered = np.zeros(len(text), dtype=bool)
    is_inside = bool((offsets >= 0).all() and (offsets <= len(text)).all() and (np.diff(offsets) >= 0).all())
    for start, end in offsets.tolist():
        covered[max(0, start) : max(0, end)] = True
    visible = np.array([not char.isspace() for char in text])
    share = float(covered[visible].mean()) if visible.any() and is_inside else 0.0
    return at_least("offsets cover the text", share, 1.0, "share of visible characters that belong to a piece")


def pieces_spell_the_text(query: Query) -> Check:
    """Pieces are spelled as the characters at their offsets; only plain letters and digits are compared."""
    name = "pieces stand where they say"
    hits = _spelled(query.document.text, query.encoding, query.model.vocabulary)
    if not hits:
        return not_done(name, "no piece is spelled in plain letters, so offsets cannot be compared with spellings")
    meaning = "share of pieces spelled as the text at their offsets; shifted offsets make wrong units"
    return at_least(name, float(np.mean(hits)), 0.9, meaning)


def _spelled(text: str, encoding: Encoding, vocabulary: Vocabulary) -> list[bool]:
    hits = []
    for piece, (start, end) in zip(encoding.ids.tolist(), encoding.offsets.tolist(), strict=True):
        spelling = _plain(vocabulary.name(piece).strip(_MARKS))
        if piece != vocabulary.unk and _PLAIN.fullmatch(spelling):
            hits.append(_plain(text[start:end].strip()) == spelling)
    return hits


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.lower())
    return "".join(char for char in parts if not unicodedata.combining(char))
