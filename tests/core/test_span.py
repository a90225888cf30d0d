"""Spans: half-open ranges with or without gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Span

CUTS = st.sets(st.integers(0, 30), min_size=2, max_size=8).map(sorted)


@st.composite
def any_span(draw: st.DrawFn) -> Span:
    cuts = draw(CUTS)
    return Span.from_fragments(zip(cuts[::2], cuts[1::2], strict=False), "X")


def characters(span: Span) -> set[int]:
    return {position for start, end in span.parts for position in range(start, end)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 3), r"span 3–3 is empty or negative; a span needs 0 <= start < end\."),
        ((5, 3), r"span 5–3 is empty or negative"),
        ((-1, 3), r"span -1–3 is empty or negative"),
        ((0, 9, "X", ((0, 2), (4, 8))), r"fragments .* do not begin at 0 and end at 9, the span's own ends\."),
        ((0, 9, "X", ((0, 5), (4, 9))), r"fragments .* overlap or are not sorted; they must be sorted and disjoint\."),
        ((0, 9, "X", ((5, 9), (0, 4))), r"fragments .* overlap or are not sorted"),
        ((0, 9, "X", ((0, 4), (5, 5), (6, 9))), r"fragment 5–5 is empty; each fragment needs start < end\."),
    ],
)
def test_what_is_no_span(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Span(*arguments)


def test_fragments_inside_one_another_are_called_overlapping() -> None:
    with pytest.raises(ValueError, match="overlap or are not sorted"):
        Span.from_fragments([(0, 10), (2, 3)])
    with pytest.raises(ValueError, match="a span needs at least one fragment, got none"):
        Span.from_fragments([])


@given(CUTS, st.randoms())
def test_fragments_give_the_hull_in_any_order(cuts: list[int], random: object) -> None:
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    span = Span.from_fragments(shuffled, "X")
    assert (span.start, span.end) == (pairs[0][0], pairs[-1][1])
    assert characters(span) == {position for start, end in pairs for position in range(start, end)}
    assert span.is_discontinuous == (len(span.parts) > 1)
    assert Span.from_fragments(span.parts, "X") == span


def test_adjacent_fragments_are_one() -> None:
    assert Span.from_fragments([(2, 4), (4, 6)], "X") == Span(2, 6, "X")
    assert Span.from_fragments([(2, 4), (4, 6), (8, 9)], "X").fragments == ((2, 6), (8, 9))


@given(any_span(), any_span())
def test_overlap_is_sharing_a_character(a: Span, b: Span) -> None:
    assert a.overlaps(b) == b.overlaps(a) == bool(characters(a) & characters(b))


@given(any_span(), any_span())
def test_crossing_hulls_overlap_and_neither_holds_the_other(a: Span, b: Span) -> None:
    first, second = (set(range(span.start, span.end)) for span in (a, b))
    assert a.crosses(b) == b.crosses(a) == bool(first & second and first - second and second - first)


def test_the_text_of_a_broken_span_is_joined_by_a_blank() -> None:
    assert Span.from_fragments([(0, 2), (5, 7)]).text_of("ab-x-cd") == "ab cd"


def test_numpy_integers_become_plain_ones() -> None:
    import numpy as np

    span = Span(np.int64(1), np.int64(4), "X")
    assert (type(span.start), type(span.end)) == (int, int)
