"""From the characters of a target to label positions: a span is reachable if words begin and end where it does."""

from __future__ import annotations

import numpy as np

from explain_lib.core import Longer, Span, Target

from .protocols import Encoding, Window


def reachable(target: Target, encoding: Encoding) -> tuple[int, int]:
    """The first and the last label position (both included) of a target's span.

    Raises ValueError for a target without a span, a span outside the text, over no label position, discontinuous,
    or one that a tag sequence cannot spell; the message names the nearest reachable span.
    """
    span = target.span
    if span is None:
        raise ValueError("this model scores spans; the target has none. Give Target(Span(start, end, label)).")
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


def with_contrast(target: Target, encoding: Encoding) -> tuple[int, int]:
    """The label positions (half open) of a target's span and of the other ends that a `longer` contrast gives it."""
    first, last = reachable(target, encoding)
    if isinstance(target.versus, Longer):
        other = first - target.versus.left, last + target.versus.right
        if other[0] < 0 or other[1] >= len(encoding.labels_at) or other[0] > other[1]:
            raise ValueError(
                f"the contrast {target.versus} of span {target.span and target.span.start}–"
                f"{target.span and target.span.end} leaves the text or is empty; move the ends by less."
            )
        first, last = min(first, other[0]), max(last, other[1])
    return first, last + 1


def within(target: Target, encoding: Encoding, window: Window) -> tuple[int, int]:
    """The first and the last label position (both included) of a target's span, counted from the window's own start.

    Raises ValueError for a span that leaves the window.
    """
    first, last = reachable(target, encoding)
    low, high = window.positions
    if not low <= first <= last < high:
        raise ValueError(
            f"the target's label positions {first}–{last + 1} leave the window, which holds {low}–{high}; "
            "choose the window with window_of."
        )
    return first - low, last - low


def _unreachable(span: Span, start: int, end: int) -> str:
    why = "is discontinuous" if span.is_discontinuous else "cuts a piece or begins or ends in white space"
    return (
        f"span {span.start}–{span.end} is unreachable for this tokenizer: it {why}. "
        f"The nearest reachable span is {start}–{end}."
    )
