"""Pieces find their units, against a slow re-implementation that joins units pair by pair."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from explain_lib.core import Alignment, Document, Units, align


def slow_align(
    units: list[tuple[int, int]], pieces: list[tuple[int, int]], text: str
) -> tuple[list[set[int]], list[int]]:
    """Groups of units and owner of each piece, by merging groups until no piece lies in two."""
    groups = [{index} for index in range(len(units))]
    solid = [{p for p in range(start, end) if not text[p].isspace()} for start, end in pieces]
    hulls = [set(range(min(part), max(part) + 1)) if part else set() for part in solid]
    touched = [{i for i, (start, end) in enumerate(units) if hull & set(range(start, end))} for hull in hulls]
    for units_of_piece in touched:
        hit = [group for group in groups if group & units_of_piece]
        if len(hit) > 1:
            joined = set().union(*hit)
            full = set(range(min(joined), max(joined) + 1))
            groups = [group for group in groups if not group & full] + [full]
    groups.sort(key=min)
    covered = [set(range(units[min(group)][0], units[max(group)][1])) for group in groups]  # gaps in between as well
    owners = [next((g for g, run in enumerate(covered) if run & hull), -1) for hull in hulls]
    return groups, owners


@st.composite
def units_and_pieces(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    text = draw(st.text("ab \n患😀", min_size=1, max_size=14))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    units = [pair for pair in zip(cuts, cuts[1:], strict=False) if draw(st.booleans())]
    pieces = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 4)), max_size=10))
    return text, units, [(start, min(start + size, len(text))) for start, size in pieces]


@given(units_and_pieces())
@example(("ab cd", [(0, 2), (3, 5)], [(0, 2), (2, 5)]))  # a byte-level piece with its leading blank joins nothing
@example(("😀😀", [(0, 1), (1, 2)], [(0, 1)] * 4 + [(1, 2)] * 3))  # pieces smaller than a character
@example(("abc", [(0, 1), (1, 2), (2, 3)], [(0, 2), (1, 3)]))  # overlapping pieces join in a chain
@example(("abc", [(0, 1), (1, 2), (2, 3)], []))
@example(("aaaaaaaa", [(3, 4), (5, 6)], [(2, 6), (4, 5)]))  # a piece in the gap of a joined run belongs to it
def test_units_join_into_the_smallest_runs_that_no_piece_splits(
    drawn: tuple[str, list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    text, bounds, pieces = drawn
    units = Units(Document(text), np.array(bounds, dtype=int).reshape(-1, 2))
    offsets = np.array(pieces, dtype=np.int64).reshape(-1, 2)
    before = offsets.copy()
    joined, alignment = align(units, offsets)
    groups, owners = slow_align(bounds, pieces, text)
    assert alignment.owner.tolist() == owners
    assert alignment.n_units == len(joined) == len(groups)
    assert joined.bounds.tolist() == [[bounds[min(g)][0], bounds[max(g)][1]] for g in groups]
    assert np.array_equal(offsets, before)


@given(units_and_pieces())
def test_aligning_again_changes_nothing(drawn: tuple[str, list[tuple[int, int]], list[tuple[int, int]]]) -> None:
    text, bounds, pieces = drawn
    offsets = np.array(pieces, dtype=np.int64).reshape(-1, 2)
    joined, alignment = align(Units(Document(text), np.array(bounds, dtype=int).reshape(-1, 2)), offsets)
    again, same = align(joined, offsets)
    assert again is joined
    assert np.array_equal(same.owner, alignment.owner)


OWNERS = st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(-1, n - 1), max_size=8)))


@given(OWNERS, st.data())
def test_keep_spreads_and_scores_pool_as_loops_would(drawn: tuple[int, list[int]], data: st.DataObject) -> None:
    n_units, owner = drawn
    alignment = Alignment(np.array(owner, dtype=int), n_units)
    keep = np.array(
        data.draw(st.lists(st.lists(st.booleans(), min_size=n_units, max_size=n_units), max_size=4)), dtype=bool
    )
    keep = keep.reshape(-1, n_units)
    expected = [[unit == -1 or bool(row[unit]) for unit in owner] for row in keep]
    assert alignment.keep_pieces(keep).tolist() == expected
    scores = np.array(
        data.draw(st.lists(st.integers(-99, 99), min_size=2 * len(owner), max_size=2 * len(owner))), dtype=float
    )
    pooled = alignment.pool_sum(scores.reshape(2, len(owner)))
    for row, sums in zip(scores.reshape(2, len(owner)), pooled, strict=True):
        assert sums.tolist() == [sum(row[i] for i in range(len(owner)) if owner[i] == unit) for unit in range(n_units)]
    assert alignment.pool_sum(scores[: len(owner)]).shape == (n_units,)
    assert alignment.has_pieces.tolist() == [unit in owner for unit in range(n_units)]


@pytest.mark.parametrize("owner", [[0, 2], [-2, 0]])
def test_owners_out_of_range(owner: list[int]) -> None:
    with pytest.raises(
        ValueError, match=rf"owners range from {min(owner)} to {max(owner)}; allowed are -1 \(no text\) to 1\."
    ):
        Alignment(np.array(owner), 2)


def test_the_owner_is_read_only() -> None:
    alignment = Alignment(np.array([0, 1]), 2)
    with pytest.raises(ValueError, match="read-only"):
        alignment.owner[0] = 1
    with pytest.raises(ValueError, match=r"Alignment\.owner has 2 axes \(shape \(1, 2\)\); it needs 1\."):
        Alignment(np.array([[0, 1]]), 2)


def test_a_piece_in_a_gap_that_joining_closes_belongs_to_the_joined_unit() -> None:
    """Units may leave text out; what stands between two that a piece joins is hidden with them."""
    units = Units(Document("abcd"), np.array([[0, 1], [3, 4]]))
    joined, alignment = align(units, np.array([[0, 4], [1, 3]]))
    assert joined.bounds.tolist() == [[0, 4]] and alignment.owner.tolist() == [0, 0]
    assert align(units, np.array([[0, 1], [1, 3], [3, 4]]))[1].owner.tolist() == [0, -1, 1]
