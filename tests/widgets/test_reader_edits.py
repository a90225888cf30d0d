"""Words hidden and replaced in the workbench, without a page: what the page would set is set here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import traitlets
from drawn_results import HOSTILE, wait_until

import explain_lib as xl
import widgets as xw
from explain_lib.core import Document
from explain_lib.corpora.corrections import text_digest
from explain_lib.models import model_digest
from explain_lib.models.token_classification import Tagger
from widgets import Workbench
from widgets.workbench.store.store import Store


@pytest.fixture
def bench(tagger: Tagger, english: Document, chinese: Document) -> Iterator[Workbench]:
    made = Workbench(tagger, [english, chinese], methods=(xl.Occlusion(),))
    wait_until(lambda: made.result is not None and "What if" in made.panel.whatif.message)
    yield made
    made.close()


def replace(bench: Workbench, first: int, last: int, words: str) -> None:
    turn = bench.panel.text.edit.get("turn", 0) + 1
    bench.panel.text.set_state({"edit": {"turn": turn, "first": first, "last": last, "text": words}})


def press(bench: Workbench, name: str) -> None:
    bench.panel.text.set_state({name: getattr(bench.panel.text, name) + 1})


def told(bench: Workbench, words: str) -> None:
    wait_until(lambda: words in bench.panel.whatif.message)


def words_of(bench: Workbench) -> list[str]:
    return [word for _, word in bench.panel.text.text["units"]]


def test_replaced_words_are_answered_and_marked(bench: Workbench) -> None:
    replace(bench, 1, 1, "very mild")
    told(bench, "Replaced: “adverse” → “very mild”. Prediction: lost Reaction “severe lesion”; found Disease")
    assert words_of(bench)[:4] == ["An", "very", "mild", "event"]
    assert bench.panel.text.text["changed"] == [[1, 2, "adverse"]]
    assert [entity["state"] for entity in bench.panel.text.entities] == ["", "new", "lost"]
    assert bench.panel.entities.entities == bench.panel.text.entities
    assert (bench.panel.text.can_undo, bench.panel.text.can_redo) == (True, False)


def test_an_edited_text_can_be_explained_as_a_document_of_its_own(bench: Workbench, english: Document) -> None:
    assert bench.edited is None and bench.panel.edited.layout.display == "none"
    replace(bench, 0, 0, "One more")
    told(bench, "“One more”")
    wait_until(lambda: bench.panel.edited.layout.display is None)
    edited = bench.edited
    assert edited is not None and "bench.edited" in bench.panel.edited.value
    assert (edited.id, edited.lang, edited.text) == ("en-1, edited", "en", "One more " + english.text[3:])
    whole = [span.text_of(english.text) for span in english.spans]
    assert [span.text_of(edited.text) for span in edited.spans] == whole
    other = Workbench(bench.model, edited, methods=(xl.Occlusion(),))
    wait_until(lambda: other.result is not None)
    assert other.result is not None and other.result.units.document == edited
    other.close()
    bench.panel.document.index = 1
    wait_until(lambda: bench.case is not None and bench.case.units.document.lang == "zh")
    assert bench.edited is None and bench.panel.edited.layout.display == "none"


def test_undo_and_redo_go_through_hidden_and_replaced_words(bench: Workbench) -> None:
    bench.panel.text.set_state({"hidden": [4]})
    told(bench, "Hidden: “severe”")
    replace(bench, 0, 0, "One more")
    told(bench, "Replaced: “An” → “One more”. Hidden: “severe”")
    assert bench.panel.text.hidden == [5]  # it moved along
    press(bench, "undone")
    wait_until(lambda: bench.panel.whatif.message.startswith("Hidden: “severe”"))
    assert (bench.panel.text.hidden, words_of(bench)[0]) == ([4], "An")
    press(bench, "undone")
    told(bench, "What if")
    assert bench.panel.text.hidden == []
    press(bench, "redone")
    press(bench, "redone")
    told(bench, "Replaced")
    assert (bench.panel.text.hidden, bench.panel.text.can_redo) == ([5], False)


def test_edits_add_up_and_putting_words_back_ends_them(bench: Workbench) -> None:
    replace(bench, 1, 1, "mild")
    told(bench, "“mild”")
    replace(bench, 4, 4, "big")
    told(bench, "“adverse” → “mild”, “severe” → “big”")
    replace(bench, 1, 1, "adverse")
    wait_until(lambda: bench.panel.whatif.message.startswith("Replaced: “severe” → “big”. "))
    replace(bench, 4, 4, "severe")
    told(bench, "What if")
    assert "changed" not in bench.panel.text.text


def test_each_document_keeps_its_own_edits(bench: Workbench) -> None:
    replace(bench, 1, 1, "mild")
    told(bench, "Replaced")
    bench.desk.document = 1
    told(bench, "What if")
    assert (words_of(bench)[0], bench.panel.text.can_undo) == ("用", False)
    bench.desk.document = 0
    told(bench, "Replaced: “adverse” → “mild”")
    assert words_of(bench)[1] == "mild"


def test_a_rewritten_text_is_saved_with_the_scores_of_the_words_that_are_left(bench: Workbench) -> None:
    replace(bench, 0, 0, "And now one")
    told(bench, "Replaced")
    (section,) = bench.panel.text.sections()
    assert '<span title="adverse: +9.84 ± 0.00"' in section.plain
    assert '<span title="now' not in section.plain


def test_chinese_words_are_replaced(bench: Workbench) -> None:
    bench.desk.document = 1
    wait_until(lambda: words_of(bench)[0] == "用" and bench.result is not None)
    replace(bench, 9, 9, "轻")
    told(bench, "Replaced: “重” → “轻”")
    assert "".join(words_of(bench)) == "用药后出现副反应：轻病变，已停药。"


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"edit": {"turn": 1, "first": 3, "last": 99, "text": "x"}}, "IndexError: units 3 to 99 are to be replaced"),
        ({"edit": {"turn": 1, "first": 0, "last": 13, "text": " "}}, "ValueError: the edit leaves no text."),
        ({"edit": {"turn": 1}}, "KeyError: 'first'"),
        ({"hidden": [999]}, "IndexError: unit 999 is to be hidden, but the text has 14 units"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(bench: Workbench, state: dict[str, Any], message: str) -> None:
    bench.panel.text.set_state(state)
    wait_until(lambda: bench.panel.status.message.startswith(message))
    replace(bench, 1, 1, "mild")
    told(bench, "Replaced: “adverse” → “mild”. Prediction")


def test_hostile_words_are_words(bench: Workbench) -> None:
    replace(bench, 1, 1, HOSTILE)
    told(bench, "Replaced")
    assert "</script>" in bench.panel.whatif.message
    assert "\u202e" not in bench.panel.whatif.message


def test_the_score_follows_the_question_on_the_desk(bench: Workbench) -> None:
    replace(bench, 1, 1, "mild")
    told(bench, "log-odds")
    bench.desk.question = "it begins here"
    told(bench, "left margin (logits or log-odds)")


@pytest.mark.parametrize("picked", [[1], [2, 1], [-1, 0], [1, 2, 3]])
def test_a_picked_range_has_two_ends(picked: list[int]) -> None:
    with pytest.raises(traitlets.TraitError, match=r"picked is .*; give \[first, last\] with 0 <= first"):
        xw.Text(picked=picked)
    assert xw.Text(picked=[0, 3]).picked == [0, 3]


def test_hidden_and_replaced_words_are_there_again_in_the_next_session(
    tagger: Tagger, english: Document, chinese: Document, tmp_path: Path
) -> None:
    def opened() -> Workbench:
        bench = Workbench(tagger, [english, chinese], store=tmp_path / "kept", methods=(xl.Occlusion(),))
        wait_until(lambda: bench.result is not None and bench.panel.whatif.message)
        return bench

    first = opened()
    replace(first, 1, 1, "very mild")
    told(first, "Replaced: “adverse” → “very mild”")
    first.panel.text.set_state({"hidden": [5]})
    told(first, "Hidden: ")
    said = first.panel.whatif.message
    first.close()
    assert "mild" not in (tmp_path / "kept" / "workbench.json").read_text()  # the state of the screen holds no text
    again = opened()
    told(again, said)
    assert (words_of(again)[:4], again.panel.text.hidden) == (["An", "very", "mild", "event"], [5])
    press(again, "undone")
    wait_until(lambda: words_of(again)[:2] == ["An", "adverse"])
    assert again.panel.text.hidden == [] and not again.panel.text.can_undo
    again.close()
    last = opened()  # what was taken back stays so
    assert words_of(last)[:2] == ["An", "adverse"]
    last.close()


@pytest.mark.parametrize(
    "kept", [{"changes": [[0, 9_999, "x"]], "hidden": []}, {"changes": [], "hidden": [99]}, {"hidden": 1}, [7]]
)
def test_kept_steps_that_do_not_fit_the_text_are_left_out(
    tagger: Tagger, english: Document, tmp_path: Path, kept: object
) -> None:
    store = Store(tmp_path / "kept")
    store.put("what if", (model_digest(tagger), text_digest(english)), kept)
    bench = Workbench(tagger, english, store=tmp_path / "kept", methods=(xl.Occlusion(),))
    wait_until(lambda: bench.result is not None and "What if" in bench.panel.whatif.message)
    assert (bench.panel.text.hidden, bench.panel.text.can_undo) == ([], False)
    bench.close()
