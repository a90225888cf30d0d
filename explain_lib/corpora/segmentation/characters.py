"""Characters as a reader sees them."""

from __future__ import annotations

import numpy as np
import regex

from explain_lib.core import Document, Units

from .default_units import default_units

_GRAPHEME = regex.compile(r"(?V1)\X")


def characters(document: Document) -> Units:
    """One unit for each character as a reader sees it (a grapheme cluster): marks and joined emoji stay whole.

    Where a model's pieces are longer, a query joins the characters of a piece.
    """
    bounds = [
        match.span()
        for start, end in default_units(document).bounds.tolist()
        for match in _GRAPHEME.finditer(document.text, start, end)
    ]
    return Units(document, np.array(bounds, dtype=np.int64).reshape(-1, 2))
