"""brat folders: any text, broken spans, CR LF, and files that lie."""

import itertools
from pathlib import Path

import pytest
from drawn_documents import documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explain_lib.core import Corpus, Document, Span
from explain_lib.corpora import Brat, read_corpus, write_corpus

fresh = itertools.count()


def read(tmp_path: Path, text: str, notes: str, reader: Brat | None = None) -> Corpus:
    (tmp_path / "a.txt").write_bytes(text.encode("utf-8"))
    (tmp_path / "a.ann").write_bytes(notes.encode("utf-8"))
    return read_corpus(tmp_path, reader=reader)


@given(st.lists(documents(), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_and_spans_come_back(tmp_path: Path, drawn: list[Document]) -> None:
    folder = tmp_path / str(next(fresh))
    write_corpus(drawn, folder)
    back = read_corpus(folder, strict=True)
    key = lambda document: (document.text, sorted(document.spans))  # noqa: E731
    assert sorted(map(key, back)) == sorted(map(key, drawn))
    assert {path.parent for path in folder.rglob("*")} == {folder}


def test_discontinuous_spans_and_astral_characters(tmp_path: Path) -> None:
    text = "𠀀 numbness or tingling of skin"
    [document] = read(tmp_path, text, "T1\tDISO 2 10;23 30\tnumbness of skin\nT2\tDISO 14 30\ttingling of skin\n")
    assert document.spans == (Span(2, 30, "DISO", ((2, 10), (23, 30))), Span(14, 30, "DISO"))
    assert document.spans[0].text_of(text) == "numbness of skin"


def test_what_is_no_span_is_skipped_in_silence(tmp_path: Path) -> None:
    notes = "T1\tDrug 0 3\tabc\nE1\tDrug:T1\nR1\tX Arg1:T1 Arg2:T1\nA1\tNeg T1\n"
    notes += "#1\tAnnotatorNotes T1\tx\n*\tEquiv T1 T1\nN1\tR T1 x:1\tx\n"
    corpus = read(tmp_path, "abc", notes)
    assert corpus[0].spans == (Span(0, 3, "Drug"),)
    assert corpus.problems == ()


def test_the_group_in_the_note_can_be_the_label(tmp_path: Path) -> None:
    notes = 'T1\tC0030705 0 3\tabc\n#1\tAnnotatorNotes T1\t"C0030705", "Patients", "Group, x" ,"LIVB"\nT2\tC1 1 2\tb\n'
    corpus = read(tmp_path, "abc", notes, Brat(label_in_notes=True))
    assert corpus[0].spans == (Span(0, 3, "LIVB"), Span(1, 2, "C1"))


@pytest.mark.parametrize("counts_cr", [True, False])
def test_cr_lf_may_be_counted_as_two_or_as_one(tmp_path: Path, counts_cr: bool) -> None:
    text = "eerste\r\ntweede\r\nkoorts en jicht"
    offsets_in = text if counts_cr else text.replace("\r\n", "\n")
    lines = "".join(
        f"T{i}\tX {(s := offsets_in.index(word))} {s + len(word)}\t{word}\r\n"
        for i, word in enumerate(["koorts", "jicht"])
    )
    corpus = read(tmp_path, text, lines)
    assert corpus[0].text == text
    assert [span.text_of(text) for span in corpus[0].spans] == ["koorts", "jicht"]
    assert corpus.problems == ()


def test_bad_lines_are_reported_with_file_and_line(tmp_path: Path) -> None:
    corpus = read(tmp_path, "koorts", "T1\tX 0 6\tkoorts\nT2 X 0 6 koorts\nT3\tX 6 0\tkoorts\nT4\tX 0 99\n")
    assert corpus[0].spans == (Span(0, 6, "X"),)
    assert [(problem.file, problem.line, problem.what) for problem in corpus.problems] == [
        (str(tmp_path / "a.ann"), 2, "the line is no brat annotation; it is left out"),
        (str(tmp_path / "a.ann"), 3, "span 6–0 is empty or negative; it is left out"),
        (str(tmp_path / "a.ann"), 4, "span 0–99 leaves the text of 6 characters; it is left out"),
    ]


def test_half_a_pair(tmp_path: Path) -> None:
    (tmp_path / "alone.ann").write_text("T1\tX 0 1\ta\n")
    corpus = read(tmp_path, "abc", "")
    assert [document.id for document in corpus] == ["a"]
    assert [problem.what for problem in corpus.problems] == ["there is no alone.txt beside it; it is left out"]


def test_one_file_of_the_pair_is_enough_to_name_it(tmp_path: Path) -> None:
    whole = read(tmp_path, "abc", "T1\tX 0 1\ta\n")
    assert list(read_corpus(tmp_path / "a.ann")) == list(read_corpus(tmp_path / "a.txt")) == list(whole)


def test_ids_become_harmless_file_names(tmp_path: Path) -> None:
    ids = ["../../etc/passwd", "..", "", "a/b", "a:b", "A_b", "患者" * 100]
    write_corpus([Document("x", id=name) for name in ids], tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").glob("*.txt"))
    assert len({name.lower() for name in names}) == len(ids)
    assert all("/" not in name and not name.startswith(".") for name in names)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_labels_that_brat_cannot_hold_are_refused(tmp_path: Path) -> None:
    document = Document("abc", spans=(Span(0, 1, "a b"), Span(1, 2, "ok")), id="d")
    with pytest.raises(ValueError, match="Brat cannot hold 1 span.*the label at 0–1 is empty or holds white space"):
        write_corpus([document], tmp_path / "out")
    write_corpus([document], tmp_path / "out", strict=False)
    assert read_corpus(tmp_path / "out", strict=True)[0].spans == (Span(1, 2, "ok"),)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(
        FileExistsError, match="exists and is not an empty folder. Name a new one; nothing was written."
    ):
        write_corpus([Document("x")], tmp_path, writer=Brat())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
