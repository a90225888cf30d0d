"""The smallest edit against all subsets of context units, and what became of an entity."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_model import question

from explain_lib.analysis.boundary.effects import Effects
from explain_lib.analysis.boundary.entity import SIDES, Edge, Entity
from explain_lib.analysis.boundary.fate import Fate
from explain_lib.analysis.boundary.smallest_edit import smallest_edits
from explain_lib.core import Prediction, Span

HERE = Span(4, 7, "Disease")


def search(query, max_rows=100):
    entity = Entity(query)
    effects = [Effects.of(Edge.of(entity, side)) for side in SIDES]
    return smallest_edits(entity, Fate.of(entity.span, query.predict()[0]), effects, max_rows)


def exhaustive(query, outcome):
    """The size of the smallest set of context units that moves the left end, or loses the entity; None for no set."""
    entity = Entity(query)
    context = np.flatnonzero(~entity.inside)
    for size in range(1, len(context) + 1):
        sets = list(combinations(context, size))
        keep = np.ones((len(sets), query.n_units), dtype=bool)
        for row, units in zip(keep, sets, strict=True):
            row[list(units)] = False
        fates = [Fate.of(entity.span, found) for found in query.predict(keep)]
        if any(fate.moved[0] if outcome == "left" else not fate.keeps_type for fate in fates):
            return size
    return None


@settings(max_examples=10)
@given(words=st.lists(st.sampled_from(["k", "o"]), min_size=1, max_size=3))
def test_the_smallest_edit_is_that_of_all_subsets(words):
    query = question(" ".join(["o", "o", "x", "y", "o", "k", *words]), 4, 7)
    found, expected = search(query).found, exhaustive(query, "left")
    units, fate = found["left"]
    assert len(units) == expected == 1 + words.count("k")
    assert str(fate) == "left end moved" and fate.now == Span(6, 7, "Disease")
    assert all(query.units.texts[unit] == "k" for unit in units)
    assert "right" not in found and "gone" not in found


def test_exactness_is_claimed_where_all_smaller_sets_were_tried():
    one, two, four = (search(question("o o x y o " + "k " * n, 4, 7)) for n in (1, 2, 4))
    notes = [{m.about.get("side"): m for m in result.measures()} for result in (one, two, four)]
    assert [n["left"].note for n in notes] == ["no smaller set does it"] * 2 + ["a smaller set may do it"]
    assert [n["left"].value for n in notes] == [1, 2, 4]
    assert notes[0]["right"].note == f"none found within {len(one.tried)} rows" and one.n_sets <= 100
    assert one.in_words()[0] == {
        "outcome": "left", "units": [5], "texts": ["k"], "then": "left end moved", "now": [6, 7, "Disease"],
        "is_exact": True,
    }  # fmt: skip


def test_the_rows_are_bounded_and_single_units_are_free():
    query = question("o o x y o k k k", 4, 7)
    entity = Entity(query)
    effects = [Effects.of(Edge.of(entity, side)) for side in SIDES]
    before = query.n_evals
    found = smallest_edits(entity, Fate.of(entity.span, query.predict()[0]), effects, 0)
    assert query.n_evals == before and len(found.tried) == 6 and found.n_sets == 0
    assert search(query, 5).n_sets == 5


def test_losing_the_entity_is_told_apart():
    query = question("o o x y k o d", 4, 7, label="Drug")
    (lost,) = [m for m in search(query).measures() if "loses" in m.name]
    assert (lost.value, lost.note) == (1, "no smaller set does it") and exhaustive(query, "gone") == 1


@pytest.mark.parametrize(
    ("words", "span", "why"),
    [("o o x y o o", (4, 7), "does not return this entity on the text itself \\(left end moved\\)"),
     ("o o o o", (4, 5), "does not return this entity on the text itself \\(no longer found\\)"),
     ("x y", (0, 3), "does not return"), ("y", (0, 1), "may hide no unit of the context")],
)  # fmt: skip
def test_nothing_to_search_says_why(words, span, why):
    found = search(question(words, *span))
    assert not found.tried
    for measure in found.measures():
        with pytest.raises(ValueError, match=why):
            raise ValueError(measure.note)


@pytest.mark.parametrize(
    ("spans", "words", "moved"),
    [([], "no longer found", (False, False)), ([Span(4, 7, "Disease")], "kept", (False, False)),
     ([Span(4, 8, "Disease")], "right end moved", (False, True)),
     ([Span(3, 8, "Disease")], "left end moved and right end moved", (True, True)),
     ([Span(4, 7, "Drug")], "found as Drug", (False, False)),
     ([Span(8, 9, "Disease")], "no longer found", (False, False)),
     ([Span(4, 7, "Drug"), Span(5, 6, "Disease")], "left end moved and right end moved", (True, True)),
     ([Span(4, 5, "Disease"), Span(5, 7, "Disease")], "left end moved", (True, False))],
)  # fmt: skip
def test_fates(spans, words, moved):
    fate = Fate.of(HERE, Prediction(tuple(spans), np.ones(len(spans))))
    assert (str(fate), fate.moved, fate.is_kept) == (words, moved, words == "kept")
