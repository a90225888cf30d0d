"""From the characters of a target to label positions: a span is reachable if words begin and end where it does."""

from __future__ import annotations

import numpy as np

from explain_lib.core import Span, Target

from .protocols import Encoding


def reachable(target: Target, encoding: Encoding) -> tuple[int, int]:
    """The first and the last label position (both included) of a target's span.

    Raises ValueError for a target without a span, a span outside the text, over no label position, discontinuous,
    or one that a tag sequence cannot spell; the message names the nearest reachable span.
    """
    span = target.span
    if span is None:
        raise ValueError("a tagger scores spans; this target has none. Give Target(Span(start, end, label)).")
    if span.end > len(encoding.text):
        raise ValueError(
            f"span {span.start}–{span.end} leaves the text, which has {len(encoding.text)} characters. "
            "Offsets count code points of the document's text."
        )
    starts, ends = encoding.extents[:, 0], encoding.extents[:, 1]
    inside = np.flatnonzero((starts < span.end) & (span.start < ends))
    if not len(inside):
        raise ValueError(
            f"span {span.start}–{span.end} covers no label position: the tokenizer sees no word there. "
            "Choose a span with letters or digits in it."
        )
    first, last = int(inside[0]), int(inside[-1])
    if starts[first] != span.start or ends[last] != span.end or span.is_discontinuous:
        raise ValueError(_unreachable(span, int(starts[first]), int(ends[last])))
    return first, last


def _unreachable(span: Span, start: int, end: int) -> str:
    why = "is discontinuous" if span.is_discontinuous else "cuts a piece or begins or ends in white space"
    return (
        f"span {span.start}–{span.end} is unreachable for this tokenizer: it {why}. "
        f"The nearest reachable span is {start}–{end}."
    )
