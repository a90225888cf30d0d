"""Other ends by whole units: every step is undone by the opposite one, and gaps stay gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Span, Units
from explain_lib.corpora import default_units
from widgets.workbench.correction.span_edits import grow_left, grow_right, joined, over, shrink_left, shrink_right

TEXT = Document("急性 heart failure, 心力衰竭。", "zh")
UNITS = default_units(TEXT)
STEPS = (grow_left, grow_right, shrink_left, shrink_right)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Spans of whole units, with gaps or without."""
    taken = draw(st.lists(st.booleans(), min_size=len(UNITS), max_size=len(UNITS)).filter(any))
    parts = [tuple(UNITS.bounds[i].tolist()) for i in np.flatnonzero(taken)]
    return Span.from_fragments(parts, "病")


@pytest.mark.parametrize(
    ("step", "span", "after"),
    [
        (grow_left, Span(3, 8), Span(1, 8)),
        (grow_left, Span(0, 8), None),
        (grow_left, Span(5, 8), Span(3, 8)),  # it cuts a unit: first to that unit's own end
        (grow_right, Span(3, 8), Span(3, 16)),
        (grow_right, Span(18, 23), None),
        (shrink_left, Span(1, 8), Span(3, 8)),
        (shrink_left, Span(3, 8), None),
        (shrink_right, Span(3, 16), Span(3, 8)),
        (shrink_right, Span(0, 1), None),
        (shrink_left, Span.from_fragments([(0, 1), (9, 16)]), Span(9, 16)),
        (shrink_right, Span.from_fragments([(0, 1), (3, 8), (18, 19)]), Span.from_fragments([(0, 1), (3, 8)])),
        (grow_right, Span.from_fragments([(0, 1), (9, 16)]), Span.from_fragments([(0, 1), (9, 17)])),
        (grow_left, Span.from_fragments([(1, 2), (9, 16)]), Span.from_fragments([(0, 2), (9, 16)])),
    ],
)
def test_one_step(step: object, span: Span, after: Span | None) -> None:
    assert step(span, UNITS) == after  # type: ignore[operator]


@given(spans())
def test_growing_adds_one_unit_and_shrinking_takes_one(span: Span) -> None:
    for grow, shrink in ((grow_left, shrink_left), (grow_right, shrink_right)):
        grown, shrunk = grow(span, UNITS), shrink(span, UNITS)
        if grown is not None:
            assert _units(grown) > _units(span)
            assert len(_units(grown)) == len(_units(span)) + 1
        if shrunk is not None:
            assert _units(shrunk) < _units(span)
            assert len(_units(shrunk)) == len(_units(span)) - 1
        else:
            assert len(_units(span)) == 1


@given(spans(), spans())
def test_joined_covers_what_both_cover(one: Span, other: Span) -> None:
    both = joined(one, other)
    assert _characters(both) == _characters(one) | _characters(other)
    assert both.label == one.label


def test_a_picked_range() -> None:
    assert over(UNITS, 2, 3, "病") == Span(3, 16, "病")
    with pytest.raises(ValueError, match=r"the words 9–99 are picked and the text has 10; pick words of this text"):
        over(UNITS, 9, 99, "病")


def _units(span: Span) -> set[int]:
    return {i for i, (start, end) in enumerate(UNITS.bounds.tolist()) if set(range(start, end)) <= _characters(span)}


def _characters(span: Span) -> set[int]:
    return {i for start, end in span.parts for i in range(start, end)}


def test_units_are_as_these_tests_take_them() -> None:
    assert isinstance(UNITS, Units)
    assert UNITS.texts == ("急", "性", "heart", "failure", ",", "心", "力", "衰", "竭", "。")
