"""Rationales: units that a person marked, or that a generator planted, in the forms in which they come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Span

Rationale = npt.ArrayLike | Sequence[Span]
"""bool[units], bool[units, targets], or spans of the text (a unit is marked if it shares a character with one)."""


def marked_units(rationale: Rationale, attribution: Attribution) -> npt.NDArray[np.bool_]:
    """bool[units, targets]; TypeError or ValueError, with got and needed, for anything else."""
    shape = len(attribution.units), len(attribution.targets)
    spans = [one for one in rationale if isinstance(one, Span)] if isinstance(rationale, Sequence) else []
    if isinstance(rationale, Sequence) and len(spans) == len(rationale):
        return np.repeat(_inside(spans, attribution)[:, None], shape[1], axis=1)
    marked = np.asarray(rationale)
    if marked.dtype != np.bool_:
        raise TypeError(f"the rationale has dtype {marked.dtype}; give bools (True = marked) or a list of spans.")
    if marked.shape not in (shape[:1], shape):
        raise ValueError(f"the rationale has shape {marked.shape}; it needs {shape[:1]} or {shape}: units × targets.")
    return np.broadcast_to(marked.reshape(shape[0], -1), shape)


def _inside(spans: Sequence[Span], attribution: Attribution) -> npt.NDArray[np.bool_]:
    length = len(attribution.units.document.text)
    for span in spans:
        if span.end > length:
            raise ValueError(f"the rationale's span {span.start}–{span.end} leaves the text of {length} characters.")
    inside = [attribution.units.inside(span) for span in spans]
    return np.any(inside, axis=0) if inside else np.zeros(len(attribution.units), dtype=bool)
