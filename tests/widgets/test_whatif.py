"""What hiding and replacing words does: what the model says, where entities went, and a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.corpora import default_units
from explain_lib.models.token_classification import Tagger
from explain_lib.perturbation.edits import Change
from explain_lib.perturbation.edits.change import changed_text, check_changes
from widgets.views.text import unmarked, visible
from widgets.views.whatif import CUT, NOTHING_CHANGED
from widgets.workbench.whatif.answer import NO_SCORE, shown_text, what_if
from widgets.workbench.case import Case, read_case
from widgets.workbench.whatif.rewriting import Rewritten, kept_units, rewrite, then, typed_changes
from widgets.workbench.whatif.steps import Step, Steps

FOUND = Span(19, 32, "Reaction")


@pytest.fixture
def case(tagger: Tagger, english: Document) -> Case:
    return read_case(tagger, english)


def typed(case: Case, first: int, last: int, words: str) -> Rewritten:
    return rewrite(case, typed_changes(case.units, first, last, words))


def text_of(version: Rewritten) -> str:
    return version.probe.document.text


def test_hiding_shows_what_is_lost_and_found(case: Case, golden: Callable[[str, Any], None]) -> None:
    answer = what_if(rewrite(case, ()), [1], xl.Target(FOUND))
    golden("whatif", {"line": answer.line, "entities": answer.entities})


def test_the_change_is_that_of_the_query(case: Case, tagger: Tagger, english: Document) -> None:
    keep = np.ones((2, len(case.units)), dtype=bool)
    keep[1, 1] = False
    before, after = xl.Query(tagger, english, targets=[xl.Target(FOUND)]).value(keep)[:, 0]
    line = what_if(rewrite(case, ()), [1], xl.Target(FOUND)).line.replace("−", "-")
    assert f"log-odds {before:.2f} → {after:.2f} ({after - before:+.2f})" in line


def test_hiding_a_word_without_effect_says_so(case: Case) -> None:
    answer = what_if(rewrite(case, ()), [0])
    assert answer.line == "Hidden: “An”. Prediction: the same entities."
    assert answer.entities == case.entities()


def test_restoring_everything_gives_the_first_picture_back(case: Case) -> None:
    what_if(rewrite(case, ()), [1, 4, 5])
    assert what_if(rewrite(case, ()), []).entities == case.entities()
    assert what_if(rewrite(case, ()), []).line == NOTHING_CHANGED


def test_many_hidden_words_are_counted(case: Case) -> None:
    assert "and 2 more" in what_if(rewrite(case, ()), [0, 2, 3, 6, 7, 8, 9, 10]).line


def test_other_words_move_the_entities_and_are_asked_like_any_text(
    case: Case, tagger: Tagger, golden: Callable[[str, Any], None]
) -> None:
    version = typed(case, 1, 1, "very mild")
    assert text_of(version) == "An very mild event : severe lesion after the first dose . No fever ."
    answer = what_if(version, [], xl.Target(FOUND))
    assert answer.line.startswith(
        "Replaced: “adverse” → “very mild”. Prediction: lost Reaction “severe lesion”; found Disease “severe lesion”."
    )
    own = xl.Query(tagger, Document(text_of(version), "en"), targets=[xl.Target(Span(21, 34, "Reaction"))])
    after = own.value(np.ones((1, own.n_units), dtype=bool))[0, 0]
    assert f"→ {after:.2f} (".replace("-", "−") in answer.line
    golden("rewritten", {"text": shown_text(version), "line": answer.line, "entities": answer.entities})


def test_hidden_words_of_a_rewritten_text_are_hidden_in_it(case: Case, tagger: Tagger) -> None:
    version = typed(case, 0, 0, "One more")
    answer = what_if(version, [2], xl.Target(FOUND))  # “adverse” is now the third unit
    assert answer.line.startswith("Replaced: “An” → “One more”. Hidden: “adverse”. Prediction: lost Reaction")


def test_an_entity_with_other_ends_has_moved(case: Case) -> None:
    version = typed(case, 4, 4, "the")
    line = what_if(version, [], xl.Target(FOUND)).line
    assert "moved Reaction “severe lesion” → “lesion”" in line or "lost Reaction “severe lesion”" in line
    assert "Reaction “severe lesion”: log-odds" in line


def test_a_span_that_is_cut_says_so_and_is_not_scored(case: Case) -> None:
    version = rewrite(case, [Change(22, 40, "X")])  # from inside “severe” on
    answer = what_if(version, [], xl.Target(FOUND))
    assert answer.line.endswith(NO_SCORE)
    cut = next(entity for entity in answer.entities if entity["label"] == "Disease")
    assert (cut["problem"], cut["parts"], cut["lane"], cut["gold"]) == (CUT, [], -1, True)


def test_the_score_is_that_of_the_question_that_is_asked(case: Case) -> None:
    asked = xl.Target(FOUND, margin="left")
    assert "left margin (logits or log-odds)" in what_if(typed(case, 1, 1, "mild"), [], asked).line


def test_units_come_from_where_they_were_and_hidden_ones_stay_hidden(case: Case) -> None:
    version = typed(case, 1, 1, "very mild")
    assert version.origin() == [0, -1, -1, *range(2, len(case.units))]
    assert version.changed() == [(1, 2, "adverse")]
    assert kept_units(rewrite(case, ()), version, (0, 1, 4)) == (0, 5)
    assert kept_units(version, rewrite(case, ()), (0, 1, 5)) == (0, 4)


def test_words_taken_out_take_a_blank_along(case: Case) -> None:
    version = typed(case, 1, 2, "")
    assert text_of(version) == "An : severe lesion after the first dose . No fever ."
    assert version.changed() == [(1, 0, " adverse event")]
    assert what_if(version, []).line.startswith("Replaced: “ adverse event” → “”.")


def test_a_text_needs_words(tagger: Tagger) -> None:
    case = read_case(tagger, Document("lesion"))
    with pytest.raises(ValueError, match="the edit leaves no text"):
        typed(case, 0, 0, "")


def test_chinese_characters_are_replaced_one_by_one(tagger: Tagger, chinese: Document) -> None:
    case = read_case(tagger, chinese)
    version = typed(case, 5, 7, "良好应")  # 副反应
    assert text_of(version) == "用药后出现良好应：重病变，已停药。"
    assert version.changed() == [(5, 6, "副反")]
    assert version.moved(Span(9, 12, "Reaction")) == Span(9, 12, "Reaction")


@pytest.mark.parametrize(
    ("first", "last", "words", "changes"),
    [
        (1, 5, "mild event : severe lesion", [Change(3, 10, "mild")]),
        (1, 5, "adverse event : severe lesions", [Change(26, 32, "lesions")]),
        (1, 2, "adverse", [Change(10, 16, "")]),
        (1, 2, "adverse event", []),
        (1, 1, "ad<b>", [Change(3, 10, "ad<b>")]),
        (1, 1, "adverse⟨U+202E⟩", [Change(3, 10, "adverse\u202e")]),
    ],
)
def test_only_words_that_differ_are_changes(
    case: Case, first: int, last: int, words: str, changes: list[Change]
) -> None:
    assert typed_changes(case.units, first, last, words) == changes


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=20), st.data())
def test_the_text_reads_as_typed(text: str, words: str, data: st.DataObject) -> None:
    units = default_units(Document(text))
    if not len(units) or not words.strip():
        return
    first = data.draw(st.integers(0, len(units) - 1))
    last = data.draw(st.integers(first, len(units) - 1))
    changes = typed_changes(units, first, last, words)
    start, end = int(units.bounds[first, 0]), int(units.bounds[last, 1])
    assert changed_text(text, changes) == text[:start] + unmarked(words) + text[end:]


@given(st.text(min_size=1, max_size=30))
def test_what_is_shown_can_be_typed_back(text: str) -> None:
    units = default_units(Document(text))
    if len(units):
        start, end = units.bounds[0, 0], units.bounds[-1, 1]
        assert changed_text(text, typed_changes(units, 0, len(units) - 1, visible(text[start:end]))) == text


def test_marks_stand_for_their_characters_and_nothing_else() -> None:
    assert unmarked("a⟨U+202E⟩b") == "a\u202eb"
    assert unmarked("⟨U+0041⟩⟨U+110000⟩⟨U+20⟩") == "⟨U+0041⟩⟨U+110000⟩⟨U+20⟩"


@given(st.text("abc", min_size=1, max_size=12), st.data())
def test_one_change_after_another_is_one_edit_of_the_first_text(text: str, data: st.DataObject) -> None:
    changes: tuple[Change, ...] = ()
    for _ in range(data.draw(st.integers(1, 5))):
        now = changed_text(text, changes)
        start = data.draw(st.integers(0, len(now)))
        later = Change(start, data.draw(st.integers(start, len(now))), data.draw(st.text("xyz", max_size=3)))
        changes = then(text, changes, later)
        assert changed_text(text, changes) == changed_text(now, [later])
        assert not changes or check_changes(changes, len(text)) == changes


def test_what_is_put_back_is_no_change_any_more() -> None:
    changes = then("a bad cat", (), Change(2, 5, "good"))
    assert then("a bad cat", changes, Change(2, 6, "bad")) == ()


def test_steps_go_back_and_forth_and_a_new_one_cuts_off_the_rest() -> None:
    steps, one, two = Steps(), Step(hidden=(1,)), Step(hidden=(1, 2))
    assert (steps.can_undo, steps.can_redo) == (False, False)
    steps.go(one)
    steps.go(one)  # no step
    steps.go(two)
    steps.undo()
    assert (steps.now, steps.can_undo, steps.can_redo) == (one, True, True)
    steps.undo()
    steps.undo()
    assert (steps.now, steps.can_undo) == (Step(), False)
    steps.redo()
    steps.go(Step(hidden=(3,)))
    steps.redo()
    assert (steps.now, steps.can_redo) == (Step(hidden=(3,)), False)
