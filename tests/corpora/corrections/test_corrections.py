"""The file of corrections: at once on the disk, one line each, read back whatever happened in between."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from drawn_documents import documents, spans
from hypothesis import given, settings
from hypothesis import strategies as st

from explain_lib.core import Document, Span
from explain_lib.corpora import Correction, CorrectionKind, Corrections, corrected
from explain_lib.corpora.corrections import text_digest

HEART, FEVER = Span(8, 12, "Disease"), Span(3, 5, "Symptom")
DOCUMENT = Document("患者有发热，诊断心力衰竭。", "zh", (HEART,), id="zh-1")
OTHER = Document("No fever.", "en", id="en-1")
LONGER = replace(HEART, start=6)


@pytest.fixture
def store(tmp_path: Path) -> Corrections:
    return Corrections(tmp_path / "store")


def test_what_was_corrected_is_read_back(store: Corrections) -> None:
    made = [
        store.accept(DOCUMENT, HEART), store.change(DOCUMENT, HEART, LONGER, note="诊断 belongs to it\n\u2028"),
        store.add(OTHER, Span(3, 8, "Symptom")), store.delete(DOCUMENT, FEVER),
    ]  # fmt: skip
    again = Corrections(store.file.parent)
    assert list(again) == list(store) == made
    assert again.problems == ()
    assert again[1].note == "诊断 belongs to it\n\u2028"
    assert (again.documents, len(again), again[-1].kind) == (("zh-1", "en-1"), 4, CorrectionKind.DELETE)
    assert again.of(OTHER) == (made[2],)
    assert repr(again) == "Corrections(4 corrections of 2 documents)"
    assert "belongs" not in repr(again[1])


def test_nothing_is_made_before_the_first_correction_and_modes_are_private(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "store")
    assert not (tmp_path / "store").exists()
    store.accept(DOCUMENT, HEART)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store", store.file)]
    assert modes == [0o700, 0o600]


@pytest.mark.parametrize("surfaces", [False, True])
def test_text_stands_in_the_file_only_if_it_is_allowed(tmp_path: Path, surfaces: bool) -> None:
    store = Corrections(tmp_path, surfaces=surfaces)
    store.change(DOCUMENT, HEART, LONGER)
    text = store.file.read_text(encoding="utf-8")
    assert [("心力衰竭" in text), ("断心力衰竭" in text), ("患者" in text)] == [surfaces, surfaces, False]
    assert list(Corrections(tmp_path)) == list(store)


def test_undo_is_a_line_more_and_takes_back_the_last(store: Corrections) -> None:
    first, second = store.accept(DOCUMENT, HEART), store.add(OTHER, Span(3, 8, "Symptom"))
    assert store.undo(DOCUMENT) == first
    assert list(Corrections(store.file.parent)) == list(store) == [second]
    assert store.undo() == second
    assert len(store.file.read_text(encoding="utf-8").splitlines()) == 4
    with pytest.raises(ValueError, match="there is no correction to undo"):
        store.undo()
    with pytest.raises(ValueError, match="there is no correction of 'en-1' to undo"):
        store.undo(OTHER)
    assert store.add(OTHER, Span(3, 8, "Symptom")) == Corrections(store.file.parent)[0]


def test_a_kill_loses_at_most_the_last_line(store: Corrections) -> None:
    made = [store.accept(DOCUMENT, HEART), store.add(DOCUMENT, FEVER)]
    whole = store.file.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(1, len(whole)):
        store.file.write_bytes(whole[:cut])
        again = Corrections(store.file.parent)
        assert list(again) == made[: (cut >= first - 1) + (cut >= len(whole) - 1)]
        assert len(again.problems) == (cut not in (first - 1, first, len(whole) - 1))
    store.file.write_bytes(whole[:-9])
    again = Corrections(store.file.parent)
    assert "corrections.jsonl:2: it is no correction (JSONDecodeError); it is left out; it may be torn" in str(
        again.problems[0]
    )
    later = again.delete(DOCUMENT, FEVER)
    last = Corrections(store.file.parent)
    assert list(last) == [made[0], later]
    assert [problem.line for problem in last.problems] == [2]


def test_an_undo_of_a_lost_correction_is_reported(store: Corrections) -> None:
    store.accept(DOCUMENT, HEART)
    store.add(DOCUMENT, FEVER)
    store.undo()
    lines = store.file.read_bytes().split(b"\n")
    store.file.write_bytes(b"\n".join([lines[0], b"{", *lines[2:]]))
    again = Corrections(store.file.parent)
    assert len(again) == 1
    assert [problem.what for problem in again.problems] == [
        "it is no correction (JSONDecodeError); it is left out",
        "it takes back correction 2, which is not there; it is left out",
    ]


def test_two_writers_of_one_file_are_told_apart(store: Corrections) -> None:
    store.accept(DOCUMENT, HEART)
    other = Corrections(store.file.parent)
    other.add(DOCUMENT, FEVER)
    before = store.file.read_bytes()
    for step in (lambda: store.delete(DOCUMENT, FEVER), store.undo):
        with pytest.raises(RuntimeError, match="another notebook or program writes it. Nothing was written"):
            step()
    assert store.file.read_bytes() == before
    assert len(store) == 1
    assert Corrections(store.file.parent).undo() == other[-1]


@pytest.mark.parametrize("line", ['{"format": "explain_lib correction 2"}', "hello", "[]", '{"text": "x"}'])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "corrections.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=r"corrections\.jsonl holds no corrections of this version"):
        Corrections(tmp_path)


def test_an_altered_line_is_a_problem_and_nothing_else_is_lost(store: Corrections) -> None:
    store.accept(DOCUMENT, HEART)
    record = json.loads(store.file.read_text(encoding="utf-8"))
    bad = [{**record, "kind": "burn"}, {**record, "before": None}, {**record, "before": 3}, [record], 3, {}]
    with store.file.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in bad)
    again = Corrections(store.file.parent)
    assert list(again) == list(store)
    assert [problem.line for problem in again.problems] == [2, 3, 4, 5, 6, 7]


def test_a_changed_text_is_refused(store: Corrections) -> None:
    store.accept(DOCUMENT, HEART)
    changed = replace(DOCUMENT, text=DOCUMENT.text + " ")
    for step in (store.of, lambda d: store.add(d, FEVER)):
        with pytest.raises(ValueError, match="document 'zh-1' has corrections that were made on another text"):
            step(changed)
    assert len(text_digest(DOCUMENT)) == 32
    assert text_digest(Document("\ud800")) != text_digest(Document("\ud801"))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (lambda s: s.add(replace(DOCUMENT, id=""), FEVER), "the document has no id to find it by"),
        (lambda s: s.add(DOCUMENT, Span(3, 99, "X")), "a span that ends at 99 leaves the text, which has 13"),
        (lambda s: s.add(DOCUMENT, Span(3, 5)), "span 3–5 has no label; say what it is"),
        (lambda s: s.change(DOCUMENT, FEVER, FEVER), "span 3–5 is the same before and after; a change alters"),
        (lambda s: s.change(DOCUMENT, HEART, FEVER), "span 8–12 was changed or deleted before; undo that"),
        (lambda s: s.accept(DOCUMENT, HEART), "span 8–12 was changed or deleted before"),
        (lambda s: s.add(DOCUMENT, LONGER), "span 6–12 is there already, with the same label"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_not_written(store: Corrections, step: object, message: str) -> None:
    store.change(DOCUMENT, HEART, LONGER)
    before = store.file.read_bytes()
    with pytest.raises(ValueError, match=message):
        step(store)  # type: ignore[operator]
    assert store.file.read_bytes() == before
    assert store.change(DOCUMENT, LONGER, HEART).after == HEART  # what it has become can be corrected again


@pytest.mark.parametrize(
    ("kind", "before", "after", "message"),
    [
        ("add", HEART, LONGER, "a correction 'add' has after and no other span"),
        ("delete", HEART, LONGER, "a correction 'delete' has before and no other span"),
        ("change", None, HEART, "a correction 'change' has before and after and no other span"),
        ("accept", HEART, LONGER, "span 6–12 is not the same before and after"),
    ],
)
def test_kinds_have_their_spans(kind: str, before: Span | None, after: Span | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Correction("d", "0", CorrectionKind(kind), before, after)


@settings(max_examples=25, deadline=None)
@given(data=st.data(), document=documents())
def test_any_text_label_and_note_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, document: Document
) -> None:
    store = Corrections(tmp_path_factory.mktemp("store"), surfaces=data.draw(st.booleans()))
    document = replace(document, id=document.id or "d")
    drawn = data.draw(st.lists(spans(len(document.text)), max_size=4, unique=True))
    for span in drawn:
        store.add(document, span, note=data.draw(st.text(max_size=5)))
    again = Corrections(store.file.parent)
    assert list(again) == list(store)
    assert [one.after for one in again] == drawn
    assert again.problems == ()


STEPS = st.lists(st.tuples(st.sampled_from(["accept", "change", "delete", "add", "undo"]), *[st.integers(0, 3)] * 2))


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_whatever_is_done_and_undone_the_file_says_what_stands(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    """A plain model: the sets of spans after each correction on a stack; undo takes the last one off."""
    store, some = Corrections(tmp_path_factory.mktemp("store")), [HEART, FEVER, LONGER, Span(0, 2, "Person")]
    stack = [frozenset({HEART, FEVER})]
    for what, first, second in steps:
        spans_of = {"accept": [first], "delete": [first], "add": [first], "change": [first, second], "undo": []}[what]
        try:
            store.undo() if what == "undo" else getattr(store, what)(DOCUMENT, *(some[i] for i in spans_of))
        except ValueError:
            continue
        gone = {some[first]} if what in ("delete", "change") else set()
        new = {some[spans_of[-1]]} if what in ("accept", "add", "change") else set()
        if what == "undo":
            stack.pop()
        else:
            stack.append((stack[-1] - gone) | new)
    again = Corrections(store.file.parent) if store.file.exists() else store
    [document] = corrected([replace(DOCUMENT, spans=(HEART, FEVER))], again)
    assert list(again) == list(store)
    assert frozenset(document.spans) == stack[-1]
    assert len(document.spans) == len(stack[-1])
    assert len(again) == len(stack) - 1
