"""Units: sorted, disjoint, inside the text, read-only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Span, Units

DOCUMENT = Document("koorts en jicht")


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ([[0, 6], [5, 9]], r"Units\.bounds must be sorted, disjoint and not empty"),
        ([[7, 9], [0, 6]], r"Units\.bounds must be sorted"),
        ([[3, 3]], r"Units\.bounds must be sorted, disjoint and not empty"),
        (
            [[0, 6], [7, 16]],
            r"units reach from 0 to 16; the text has 15 characters\. Build units from the same Document\.",
        ),
        ([[-1, 6]], r"units reach from -1 to 6"),
        ([0, 6], r"Units\.bounds has 1 axes \(shape \(2,\)\); it needs 2\."),
        ([[0, 1, 2]], r"Units\.bounds has shape \(1, 3\); it needs \(units, 2\)\."),
    ],
)
def test_what_are_no_units(bounds: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Units(DOCUMENT, np.array(bounds))


def test_bounds_are_a_read_only_copy() -> None:
    bounds = np.array([[0, 6], [7, 9]])
    units = Units(DOCUMENT, bounds)
    bounds[0, 1] = 3
    assert units.texts == tuple(units) == ("koorts", "en")
    with pytest.raises(ValueError, match="read-only"):
        units.bounds[0, 0] = 1
    assert repr(units) == f"Units(2 units of {DOCUMENT!r})"


def test_there_may_be_no_unit() -> None:
    units = Units(Document("  "), np.zeros((0, 2), dtype=int))
    assert (len(units), units.texts, units.bounds.shape) == (0, (), (0, 2))
    assert len(Units(Document(" "), [])) == 0  # type: ignore[arg-type]


@given(
    st.sets(st.integers(0, 15), max_size=10).map(sorted),
    st.sets(st.integers(0, 15), min_size=2, max_size=6).map(sorted),
)
def test_inside_is_sharing_a_character(cuts: list[int], ends: list[int]) -> None:
    units = Units(DOCUMENT, np.array(list(zip(cuts[::2], cuts[1::2], strict=False)), dtype=int))
    span = Span.from_fragments(zip(ends[::2], ends[1::2], strict=False))
    covered = {position for start, end in span.parts for position in range(start, end)}
    expected = [bool(covered & set(range(start, end))) for start, end in units.bounds.tolist()]
    assert units.inside(span).tolist() == expected
