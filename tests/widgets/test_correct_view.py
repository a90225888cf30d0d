"""Correcting on the workbench: what the page would send is sent here, what it would show is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_results import HOSTILE, wait_until

import explain_lib as xl
from explain_lib.core import Document, Span
from explain_lib.corpora import CorrectionKind
from explain_lib.models.token_classification import Tagger
from widgets import Paint, Palette, Workbench
from widgets.workbench.views.correct import CorrectView

LESION = Span(19, 32, "Reaction")  # “severe lesion”, predicted; gold as Disease, and as a part of a longer Reaction
METHODS = (xl.Occlusion(),)


def opened(tagger: Tagger, documents: list[Document], **more: object) -> Workbench:
    bench = Workbench(tagger, documents, methods=METHODS, **more)  # type: ignore[arg-type]
    wait_until(lambda: bench.case is not None and (bench.result is not None or bench.desk.entity < 0))
    view(bench).refresh()
    return bench


@pytest.fixture
def bench(tagger: Tagger, english: Document, chinese: Document) -> Iterator[Workbench]:
    made = opened(tagger, [english, chinese])
    yield made
    made.close()


def view(bench: Workbench) -> CorrectView:
    found = bench.views["Correct"]
    assert isinstance(found, CorrectView)
    return found


def press(bench: Workbench, act: str, note: str = "", label: str = "", row: int = -1, turn: int | None = None) -> None:
    panel = view(bench).panel
    at = [one["label"] for one in panel.labels].index(label) if label else -1
    told = {"act": act, "note": note, "label": at, "row": row, "turn": panel.turn if turn is None else turn}
    panel._handle_custom_msg(json.loads(json.dumps(told)), [])


def chosen(bench: Workbench) -> Span:
    assert bench.case is not None
    return bench.case.spans[bench.desk.entity]


def test_what_is_shown_before_anything_was_done(bench: Workbench) -> None:
    panel = view(bench).panel
    assert panel.chosen == {"label": "Reaction", "text": "severe lesion", "paint": None, "about": "predicted"}
    assert [one["label"] for one in panel.labels] == ["Disease", "Reaction"]
    assert panel.able == ["accept", "delete", "label", "grow_left", "grow_right", "shrink_left", "shrink_right"]
    assert (panel.rows, panel.undoes, panel.all) == ([], 0, 1)
    assert "kept in memory only" in panel.kept


def test_accept_change_delete_and_undo(bench: Workbench, english: Document) -> None:
    press(bench, "accept", note="sure")
    assert view(bench).panel.chosen["about"] == "predicted · accepted by a reader"
    press(bench, "grow_right")
    press(bench, "grow_right")
    assert chosen(bench) == Span(19, 42, "Reaction")
    assert [(row["what"], row["steps"], row["note"]) for row in view(bench).panel.rows] == [
        ("changed", 2, ""), ("accepted", 1, "sure")
    ]  # fmt: skip
    press(bench, "label", label="Disease")
    press(bench, "undo")
    assert chosen(bench) == Span(19, 42, "Reaction")
    press(bench, "delete")
    assert xl.corrected([english], bench.corrections)[0].spans == english.spans
    for _ in range(4):
        press(bench, "undo")
    assert list(bench.corrections) == []
    assert chosen(bench) == LESION
    assert (view(bench).panel.undoes, view(bench).panel.message) == (0, "Taken back: accept.")


def test_keys_in_quick_succession_act_on_what_the_last_one_made(bench: Workbench) -> None:
    wait_until(lambda: bench.panel.status.kind == "idle")
    bench.panel.strip.index = list(bench.views).index("Correct")  # open: it is drawn at every change of the desk
    wait_until(lambda: view(bench).panel.able)
    turn = view(bench).panel.turn
    for _ in range(3):
        press(bench, "grow_left", turn=turn)
    assert chosen(bench) == Span(3, 32, "Reaction")
    assert len(bench.corrections) == 3


def test_an_act_on_what_was_chosen_before_is_refused(bench: Workbench) -> None:
    turn = view(bench).panel.turn
    bench.desk.entity = (bench.desk.entity + 1) % 3
    view(bench).refresh()
    press(bench, "delete", turn=turn)
    assert list(bench.corrections) == []
    assert view(bench).panel.is_error
    assert "What is chosen has changed" in view(bench).panel.message


def test_picked_words_are_added_joined_and_taken(bench: Workbench) -> None:
    bench.panel.text.set_state({"picked": [11, 12]})
    panel = view(bench).panel
    assert panel.picked == "No fever"
    assert panel.able[0] == "add"
    press(bench, "add", label="Disease")
    assert chosen(bench) == Span(56, 64, "Disease")
    assert (bench.panel.text.picked, panel.picked) == ([], "")
    bench.panel.text.set_state({"picked": [1, 1]})
    press(bench, "join")
    assert chosen(bench) == Span.from_fragments([(3, 10), (56, 64)], "Disease")
    assert panel.chosen["text"] == "adverse … No fever"
    press(bench, "shrink_right")
    assert chosen(bench).fragments == ((3, 10), (56, 58))
    bench.panel.text.set_state({"picked": [2, 2]})
    press(bench, "ends")
    assert chosen(bench) == Span(11, 16, "Disease")
    assert [row["what"] for row in panel.rows] == ["added"]
    assert panel.rows[0]["steps"] == 4


def test_corrected_spans_stand_in_the_text_and_in_the_list(bench: Workbench) -> None:
    press(bench, "label", label="Disease")
    press(bench, "grow_left")
    wait_until(lambda: any(one["corrected"] == "replaced" for one in bench.panel.entities.entities))
    found = {(one["start"], one["label"]): one["corrected"] for one in bench.panel.text.entities}
    assert found == {  # the gold disease is what the reaction was changed into, and was changed on
        (3, "Reaction"): "", (17, "Disease"): "changed", (19, "Disease"): "replaced", (19, "Reaction"): "replaced"
    }  # fmt: skip
    assert bench.desk.entity == 1
    wait_until(lambda: bench.result is not None and bench.result.targets[0].span == Span(17, 32, "Disease"))


def test_a_deleted_entity_can_only_come_back(bench: Workbench, english: Document) -> None:
    press(bench, "delete")
    assert view(bench).panel.able == ["accept"]
    press(bench, "accept")
    assert bench.corrections[-1].kind is CorrectionKind.ADD
    assert LESION in xl.corrected([english], bench.corrections)[0].spans


def test_accepting_all_is_one_act_to_take_back(tagger: Tagger) -> None:
    bench = opened(tagger, [Document("The lesion . A severe lesion . A lesion .", "en", id="many")])
    panel = view(bench).panel
    press(bench, "delete")
    assert panel.all == 2
    press(bench, "all")
    assert (len(bench.corrections), panel.all, panel.undoes) == (3, 0, 2)
    press(bench, "undo")
    assert (len(bench.corrections), panel.undoes) == (1, 1)
    bench.close()


def test_a_row_leads_to_its_entity(bench: Workbench) -> None:
    press(bench, "grow_left")
    bench.panel.text.set_state({"picked": [11, 12]})
    press(bench, "add", label="Disease")
    press(bench, "go", row=1)
    assert chosen(bench) == Span(17, 32, "Reaction")


def test_refusals_are_told(bench: Workbench) -> None:
    press(bench, "add", label="Disease")
    assert "no words are picked" in view(bench).panel.message
    press(bench, "accept")
    assert not view(bench).panel.is_error
    bench.panel.text.set_state({"picked": [4, 5]})
    press(bench, "ends")
    assert "the same before and after" in view(bench).panel.message
    assert view(bench).panel.is_error


def test_words_of_a_rewritten_text_cannot_be_marked(bench: Workbench) -> None:
    bench.panel.text.set_state({"edit": {"turn": 1, "first": 1, "last": 1, "text": "a very adverse"}})
    wait_until(lambda: bench.desk.is_rewritten)
    bench.panel.text.set_state({"picked": [6, 7]})
    panel = view(bench).panel
    assert panel.picked == ""
    assert "add" not in panel.able
    assert "other words than the document" in panel.message
    press(bench, "add", label="Disease")
    assert list(bench.corrections) == []


def test_hidden_words_stay_hidden_while_entities_are_corrected(bench: Workbench) -> None:
    bench.panel.text.set_state({"hidden": [1]})
    wait_until(lambda: "Hidden" in bench.panel.whatif.message)
    press(bench, "grow_right")
    wait_until(lambda: any(one["corrected"] == "changed" for one in bench.panel.text.entities))
    assert bench.panel.text.hidden == [1]


def test_a_store_keeps_corrections_and_the_selection(tagger: Tagger, english: Document, tmp_path: Path) -> None:
    first = opened(tagger, [english], store=tmp_path / "bench")
    press(first, "grow_left")
    assert f"saved in {tmp_path / 'bench'}" in view(first).panel.kept
    wait_until(lambda: first.result is not None and first.result.targets[0].span == Span(17, 32, "Reaction"))
    first.close()
    again = opened(tagger, [english], store=tmp_path / "bench")
    assert chosen(again) == Span(17, 32, "Reaction")
    assert again.case is not None
    assert again.case.query.n_evals == 0  # its explanation was in the store
    assert [row["what"] for row in view(again).panel.rows] == ["changed"]
    press(again, "undo")
    assert chosen(again) == LESION
    again.close()


def test_corrections_of_another_text_are_left_out_and_counted(
    tagger: Tagger, english: Document, tmp_path: Path
) -> None:
    first = opened(tagger, [english], store=tmp_path / "bench")
    press(first, "accept")
    first.close()
    other = opened(tagger, [Document("The lesion .", "en", id=english.id)], store=tmp_path / "bench")
    assert view(other).panel.rows == []
    assert "1 were made on another text of the same id" in view(other).panel.kept
    other.close()


def test_documents_without_an_id_can_be_corrected(tagger: Tagger) -> None:
    bench = opened(tagger, [Document("The lesion ."), Document("A lesion .")])
    press(bench, "delete")
    assert xl.corrected(bench.documents, bench.corrections)[0].spans == ()
    assert len({one.id for one in bench.documents}) == 2
    bench.close()


def test_hostile_labels_notes_and_texts_are_plain_values(tagger: Tagger) -> None:
    document = Document(f"The lesion {HOSTILE} .", "en", (Span(11, 20, HOSTILE),), id=HOSTILE)
    bench = opened(tagger, [document], palette=Palette({"Reaction": Paint("Réaction", "#b35806", "#f0a35a")}))
    press(bench, "label", note=HOSTILE, label="Reaction")
    panel = view(bench).panel
    state = json.dumps(panel.get_state(), default=str)
    assert "\\u202e" not in state
    assert "⟨U+202E⟩" in panel.rows[0]["note"]
    assert panel.labels[0] == {"label": "Reaction", "paint": Paint("Réaction", "#b35806", "#f0a35a").view()}
    assert panel.chosen["paint"]["name"] == "Réaction"
    bench.close()


def test_chinese(bench: Workbench) -> None:
    bench.desk.select(1)
    wait_until(lambda: bench.case is not None and bench.case.units.document.lang == "zh")
    view(bench).refresh()
    press(bench, "grow_right")
    assert view(bench).panel.lang == "zh-Hans"
    before = bench.corrections[-1].before
    assert before is not None
    assert chosen(bench).end == before.end + 1


# ---- similar errors and export


@pytest.fixture
def several(tagger: Tagger, tmp_path: Path) -> Iterator[Workbench]:
    """Three texts in which the model takes a lesion for a disease, and nobody marked it."""
    texts = ["The lesion grew .", "A lesion grew .", "No lesion grew ."]
    documents = [Document(text, "en", id=f"en-{at}") for at, text in enumerate(texts)]
    made = opened(tagger, documents, store=tmp_path / "bench")
    yield made
    made.close()


def find(bench: Workbench) -> None:
    stamp = view(bench).similar.panel.stamp
    view(bench).similar.button.click()
    wait_until(lambda: view(bench).similar.panel.stamp > stamp)


def tell_similar(bench: Workbench, act: str, place: int = -1, stamp: int | None = None) -> None:
    panel = view(bench).similar.panel
    panel._handle_custom_msg({"act": act, "place": place, "stamp": panel.stamp if stamp is None else stamp}, [])


def test_similar_errors_are_found_and_lead_to_their_places(several: Workbench) -> None:
    similar = view(several).similar
    assert similar.line.value == "Reads all 3 documents first; those that were read are known."
    find(several)
    assert similar.panel.about == "Like “lesion”, spurious: 2 errors."
    assert [place["excerpt"]["name"] for place in similar.panel.places] == ["en-1", "en-2"]
    assert all(place["why"] for place in similar.panel.places)
    tell_similar(several, "go", place=1)
    wait_until(lambda: several.case is not None and several.case.units.document.id == "en-2")
    wait_until(lambda: several.result is not None and several.result.units.document.id == "en-2")
    assert chosen(several) == Span(3, 9, "Disease")


def test_all_places_at_once_with_their_number_and_one_undo(several: Workbench) -> None:
    find(several)
    panel = view(several).similar.panel
    assert [one["words"] for one in panel.acts] == [
        "Accept the 2 predicted that nobody looked at", "Delete the 2 predicted that nobody looked at"
    ]  # fmt: skip
    stamp = panel.stamp
    tell_similar(several, "delete")
    assert [(one.document, str(one.kind)) for one in several.corrections] == [("en-1", "delete"), ("en-2", "delete")]
    assert [place["looked"] for place in panel.places] == ["deleted by a reader"] * 2
    assert panel.acts == []
    tell_similar(several, "delete", stamp=stamp)
    assert "The list has changed since" in several.panel.status.message
    assert view(several).panel.undoes == 2
    press(several, "undo")
    assert list(several.corrections) == []
    assert len(panel.acts) == 2


def test_what_is_right_has_no_similar_errors(tagger: Tagger) -> None:
    bench = opened(tagger, [Document("The lesion .", "en", (Span(4, 10, "Disease"),), id="right")])
    find(bench)
    assert view(bench).similar.panel.about == "This entity is no error of the model against the gold standard."
    bench.close()


@pytest.mark.parametrize(("suffix", "is_gold"), [(".jsonl", True), (".conll", False), ("", False)])
def test_export_writes_into_the_store_for_its_owner_alone(several: Workbench, suffix: str, is_gold: bool) -> None:
    press(several, "grow_left")
    export = view(several).export
    export.form.value, export.base.value = suffix, "gold spans" if is_gold else "predicted spans"
    export.button.click()
    wait_until(lambda: "3 documents in" in export.line.value)
    folder = several.desk.store.folder / "export"  # type: ignore[union-attr]
    (path,) = folder.iterdir()
    read = xl.read_corpus(path, lang="en")
    found = [[(span.start, span.end) for span in document.spans] for document in read]
    assert found == ([[(0, 10)], [], []] if is_gold else [[(0, 10)], [(2, 8)], [(3, 9)]])
    assert all(one.stat().st_mode & 0o077 == 0 for one in [folder, path, *folder.rglob("*")])


def test_without_a_store_nothing_is_exported(bench: Workbench) -> None:
    export = view(bench).export
    assert export.button.disabled
    assert "give the workbench a folder" in export.line.value
