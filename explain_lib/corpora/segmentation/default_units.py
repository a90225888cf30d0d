"""Cutting a text into units: Han characters one by one, words elsewhere, every remaining mark alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from explain_lib.core import Document, Units

_WORD_BOUNDARY = regex.compile(r"(?wV1)\b")  # UAX 29 default word boundaries
_HAN_OR_REST = regex.compile(r"(?V1)\p{Han}[\p{M}\p{Cf}]*|[^\p{Han}]+")  # a mark on a Han character stays with it
_GRAPHEME = regex.compile(r"(?V1)\X")
_LETTER_OR_DIGIT = regex.compile(r"(?V1)[\p{L}\p{N}]")


def default_units(document: Document) -> Units:
    """Cut a document into units, whatever its language.

    Each Han character is a unit, every other word between Unicode word boundaries (UAX 29) is one, and each remaining
    mark is one. Combining marks, variation selectors and joined emoji stay with their base. Together the units cover
    exactly the characters that are not white space (`str.isspace`).
    """
    return Units(document, _bounds(document.text))


@lru_cache(maxsize=8)  # coarser units, queries and pages of one document all begin here
def _bounds(text: str) -> npt.NDArray[np.int64]:
    return np.array(list(_unit_bounds(text)), dtype=np.int64).reshape(-1, 2)


def _unit_bounds(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _solid_runs(text):
        if not _LETTER_OR_DIGIT.search(text, start, end):
            yield from (match.span() for match in _GRAPHEME.finditer(text, start, end))
        else:
            yield from (match.span() for match in _HAN_OR_REST.finditer(text, start, end))


def _solid_runs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches between word boundaries, cut again at white space: UAX 29 joins at U+202F and hangs marks on blanks."""
    cuts = sorted({0, len(text), *(match.start() for match in _WORD_BOUNDARY.finditer(text))})
    for start, end in zip(cuts, cuts[1:], strict=False):
        run_start = start
        for position in range(start, end):
            if text[position].isspace():
                if run_start < position:
                    yield run_start, position
                run_start = position + 1
        if run_start < end:
            yield run_start, end
