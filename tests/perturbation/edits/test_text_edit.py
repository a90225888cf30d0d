"""Edits of the text: every character that is not replaced is found again where the edit says that it lies."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import changes, documents
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from subjects import tagger

from explain_lib.core import Document, Span, Target
from explain_lib.corpora import default_units, words
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import Change, ContextMask, TextEdit

FAMILY = ContextMask()


def edit(text: str, *replaced: tuple[int, int, str], spans: tuple[Span, ...] = ()) -> TextEdit:
    return TextEdit(FAMILY, Document(text, "en", spans), tuple(Change(*one) for one in replaced))


def spelled_out(text: str, made: TextEdit) -> list[int]:
    """Slow truth: the place of every character of the source in the edited text, −1 where it is replaced."""
    places, at, out = [], 0, 0
    for change in made.changes:
        places += list(range(out, out + change.start - at))
        out += change.start - at + len(change.text)
        places += [-1] * (change.end - change.start)
        at = change.end
    return places + list(range(out, out + len(text) - at))


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_spans_and_units_move_with_their_characters(data: st.DataObject) -> None:
    document = data.draw(documents())
    drawn = data.draw(changes(len(document.text)))
    try:
        made = TextEdit(FAMILY, document, tuple(drawn))
    except ValueError:
        assume(False)
    text, places = made.document.text, spelled_out(document.text, made)
    assert all(place < 0 or text[place] == document.text[i] for i, place in enumerate(places))
    for span in document.spans:
        moved = made.moved(span)
        if moved is None:
            continue
        kept = [places[i] for i in range(span.start, span.end) if places[i] >= 0]
        assert all(moved.start <= place < moved.end for place in kept)
        outside = [place for i, place in enumerate(places) if place >= 0 and not span.start <= i < span.end]
        assert not any(moved.start <= place < moved.end for place in outside)
    units = default_units(document)
    after = made.units(units)
    covered = {i for start, end in after.bounds.tolist() for i in range(start, end)}
    assert {i for i, letter in enumerate(text) if not letter.isspace()} <= covered


def test_a_change_inside_a_span_stretches_it_and_one_across_its_end_cuts_it() -> None:
    span = Span(4, 14, "Disease")
    text = "the heart failure is new"
    assert edit(text, (4, 9, "cardiac"), spans=(span,)).moved(span) == Span(4, 16, "Disease")
    assert edit(text, (0, 3, "")).moved(span) == Span(1, 11, "Disease")
    assert edit(text, (4, 4, "new ")).moved(span) == Span(8, 18, "Disease")
    assert edit(text, (14, 14, "s")).moved(span) == span
    assert edit(text, (10, 16, "x")).moved(span) is None
    assert edit(text, (2, 20, "x"), spans=(span,)).document.spans == ()


def test_fragments_move_one_by_one() -> None:
    span = Span.from_fragments([(0, 4), (9, 13)], "Disease")
    moved = edit("left and right pain", (5, 8, "or")).moved(span)
    assert moved is not None and moved.parts == ((0, 4), (8, 12))


def test_a_word_that_grows_is_another_unit() -> None:
    made = edit("chest pain today", (5, 6, ""))
    assert made.units(default_units(made.source)).texts == ("chestpain", "today")
    made = edit("chest pain today", (10, 10, "s"))
    assert made.units(default_units(made.source)).texts == ("chest", "pains", "today")


def test_units_that_a_user_chose_stay_chosen() -> None:
    document = Document("患者头痛三天，无发热", "zh")
    made = TextEdit(FAMILY, document, (Change(6, 7, "；今日"),))
    assert made.units(words(document)).texts == ("患者", "头痛", "三天", "；", "今", "日", "无", "发热")


def test_only_unchanged_units_of_the_same_activity_are_matched() -> None:
    document = Document("pt denies chest pain but reports severe itch", "en")
    query = Query(tagger(), document, targets=[Target(Span(40, 44, "Disease"))]).context()
    made = TextEdit(FAMILY, document, (Change(10, 15, "throat"),))
    edited = made.on(query)
    assert edited.arm == "context" and edited.targets[0].span == Span(41, 45, "Disease")
    at = made.unit_of(query, edited)
    assert at.tolist() == [0, 1, -1, 3, 4, 5, 6, 7]
    np.testing.assert_array_equal(edited.active[at[at >= 0]], query.active[at >= 0])


def test_units_that_are_hidden_for_good_stay_hidden_in_the_edited_text() -> None:
    document = Document("pt denies chest pain but reports severe itch", "en")
    query = Query(tagger(), document, targets=[Target(Span(40, 44, "Disease"))])
    less = query.without(np.isin(np.arange(8), [1, 2, 6]))
    made = TextEdit(FAMILY, document, (Change(0, 2, "the patient"), Change(10, 15, "throat")))
    edited = made.on(less)
    assert edited.units.texts == ("the", "patient", "denies", "throat", "pain", "but", "reports", "severe", "itch")
    assert np.flatnonzero(~edited.full_row).tolist() == [2, 7]  # "chest" is another word now
    keep = np.ones((1, 9), dtype=bool)
    keep[0, [2, 7]] = False
    np.testing.assert_array_equal(edited.value(np.ones((1, 9), dtype=bool)), made.on(query).value(keep))


def test_a_target_that_an_edit_cuts_is_refused() -> None:
    document = Document("reports severe itch", "en")
    query = Query(tagger(), document, targets=[Target(Span(15, 19, "Disease"))])
    with pytest.raises(ValueError, match="cuts the span of target 'Disease 15–19'"):
        TextEdit(FAMILY, document, (Change(13, 17, "x"),)).on(query)
    with pytest.raises(ValueError, match="belongs to another text"):
        TextEdit(FAMILY, Document("other"), (Change(0, 1, "x"),)).on(query)


@pytest.mark.parametrize(
    ("replaced", "message"),
    [([(0, 3, "a"), (2, 5, "b")], "overlap"), ([(0, 99, "")], "must lie in the text"), ([], "at least one change"),
     ([(0, 10, " ")], "leaves no text"), ([(3, 3, "a"), (3, 3, "b")], "overlap")],
)  # fmt: skip
def test_bad_changes_are_refused(replaced: list[tuple[int, int, str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        edit("ten things", *replaced)
