"""Coarser units are groups of default units, so that levels nest by construction."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from explain_lib.core import Span, Units


def grouped(units: Units, cuts: Iterable[int]) -> Units:
    """Join neighbouring units unless a cut (a character offset) parts them; a cut inside a unit does not count."""
    if not len(units):
        return units
    starts, ends = units.bounds.T
    places = np.asarray(sorted(cuts), np.int64)
    is_between = np.searchsorted(starts, places, side="left") == np.searchsorted(ends, places, side="right")
    n_cuts_before = np.searchsorted(places[is_between], starts, side="right")
    return _joined(units, np.flatnonzero(np.diff(n_cuts_before)) + 1)


def join_spans(units: Units, spans: Iterable[Span]) -> Units:
    """The same units, those under one span joined to one: entities as wholes.

    Spans may nest and overlap: what they cover together is joined. A discontinuous span joins each of its parts.
    Raises ValueError for a span that leaves the text.
    """
    begins = np.ones(len(units), dtype=bool)
    for span in spans:
        if span.end > len(units.document.text):
            raise ValueError(
                f"span {span.start}–{span.end} leaves the text, which has {len(units.document.text)} characters. "
                "Take spans and units from the same Document."
            )
        for start, end in span.parts:
            under = np.flatnonzero(units.inside(Span(start, end)))
            begins[under[1:]] = False
    return _joined(units, np.flatnonzero(begins)[1:]) if len(units) else units


def _joined(units: Units, begins: npt.NDArray[np.int64]) -> Units:
    """Units from one beginning (an index, the first is left out) to the next."""
    firsts, lasts = np.concatenate([[0], begins]), np.concatenate([begins - 1, [len(units) - 1]])
    return Units(units.document, np.stack([units.bounds[firsts, 0], units.bounds[lasts, 1]], axis=1))
