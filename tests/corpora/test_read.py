"""Finding the files of a corpus, their format and their encoding; and ending clearly where that fails."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Problem, Span
from explain_lib.corpora import READERS, LabelledLines, PlainText, Source, read_corpus

SECRET = "Mevrouw Jansen heeft koorts"


def test_a_folder_may_mix_formats(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.txt").write_text("hidden")
    (tmp_path / "README.md").write_text("no corpus")
    (tmp_path / "LICENSE").write_text("no corpus")
    (tmp_path / "a.txt").write_text("Een brief.\nTweede regel.")
    (tmp_path / "b.tsv").write_text("a\tB-X\nb\tO\n")
    (tmp_path / "sub" / "c.txt").write_text("abc")
    (tmp_path / "sub" / "c.ann").write_text("T1\tX 0 1\ta\n")
    (tmp_path / "sub" / "d.jsonl").write_text('{"text": "x", "lang": "en"}')
    (tmp_path / "sub" / "e.bin").write_bytes(b"\0\1\2")
    corpus = read_corpus(str(tmp_path), lang="nl")
    assert [(document.id, document.lang, len(document.spans)) for document in corpus] == [
        ("a", "nl", 0), ("b-1", "nl", 1), ("c", "nl", 1), ("d-1", "en", 0),
    ]  # fmt: skip
    [problem] = corpus.problems
    assert (
        str(problem)
        == f"{tmp_path / 'sub' / 'e.bin'}: no reader recognises the file; it is left out. Name one with reader=."
    )


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no file or folder .*nowhere. Relative paths start at"):
        read_corpus(tmp_path / "nowhere")


def test_a_folder_without_documents(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="folder .* holds no document. Known formats: Brat, MentionList, Cmeee"):
        read_corpus(tmp_path)
    (tmp_path / "a.txt").write_text(" \n")
    with pytest.raises(
        ValueError, match=r"holds no document. 1 problem\(s\) in .*a.txt: the text is empty; it is left out"
    ):
        read_corpus(tmp_path)


def test_strict_lists_the_first_problems(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "x"}\n' + '{"text": ""}\n' * 7)
    assert len(read_corpus(tmp_path).problems) == 7
    with pytest.raises(
        ValueError, match=r"7 problem\(s\) in .*x.jsonl:2: .*x.jsonl:6: .*; and 2 more. Read without strict to"
    ):
        read_corpus(tmp_path, strict=True)


@pytest.mark.parametrize(
    ("bad", "guess"),
    [("Patiënt".encode("latin-1"), "cp1252"), ("患者头痛".encode("gb18030"), "gb18030")],
)
def test_mixed_encodings_cost_only_the_lines_that_have_them(tmp_path: Path, bad: bytes, guess: str) -> None:
    lines = [b'{"text": "goed"}', b'{"text": "' + bad + b'"}', '{"text": "患者 ë"}'.encode()]
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines))
    corpus = read_corpus(tmp_path)
    assert [document.text for document in corpus] == ["goed", "患者 ë"]
    [problem] = corpus.problems
    assert problem.line == 2
    assert problem.what.startswith("byte 0x")
    assert problem.what.endswith(
        f"is not utf-8; what holds this line is left out. If the whole file is written so, pass encoding={guess!r}; "
        "a file of mixed encodings must be mended."
    )
    with pytest.raises(ValueError, match="is not utf-8"):
        read_corpus(tmp_path, strict=True)


def test_mixed_encodings_in_columns_and_in_brat(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_bytes(b"a\tB-X\n\n\xff\tB-X\nb\tO\n\nc\tO\n")
    (tmp_path / "y.txt").write_bytes(b"\xe9\xe9n")
    (tmp_path / "y.ann").write_text("T1\tX 0 1\te\n")
    (tmp_path / "z.txt").write_text("ab")
    (tmp_path / "z.ann").write_bytes(b"T1\tX\xff 0 1\ta\n")
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus] == ["x-1", "x-3"]
    assert {(Path(problem.file).name, problem.line) for problem in corpus.problems} >= {
        ("x.tsv", 3),
        ("y.txt", 1),
        ("z.ann", 1),
    }


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    text = "één zin" if encoding == "latin-1" else "患者头痛三天"
    (tmp_path / "x.txt").write_bytes(text.encode(encoding))
    named = {"encoding": encoding} if encoding in ("gb18030", "latin-1") else {}
    assert read_corpus(tmp_path / "x.txt", strict=True, **named)[0].text == text


def test_half_of_a_surrogate_pair_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"text": "a\\ud800"}\n{"text": "b"}\n')
    corpus = read_corpus(tmp_path)
    assert [document.text for document in corpus] == ["b"]
    assert [problem.what for problem in corpus.problems] == [
        "document 'x-1' holds half of a surrogate pair; it is left out"
    ]


def test_signs_of_a_wrong_decoding_are_reported_and_kept(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Pati\ufffdnt", encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert corpus[0].text == "Pati\ufffdnt"
    assert [problem.what for problem in corpus.problems] == [
        "document 'x' holds U+FFFD, left by a wrong decoding earlier; it is kept"
    ]


def test_a_broken_gzip_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress(b"some text")[:-9])
    with pytest.raises(ValueError, match="the file cannot be read: .*x.txt.gz is no complete gzip file"):
        read_corpus(tmp_path)


def test_plain_text_by_line_and_labelled_lines(tmp_path: Path) -> None:
    (tmp_path / "x.txt.gz").write_bytes(gzip.compress("een\r\n\ntwee\u2028\x85drie\n".encode()))
    by_line = read_corpus(tmp_path, reader=PlainText(one_per_line=True))
    assert [(document.id, document.text) for document in by_line] == [("x-1", "een"), ("x-3", "twee\u2028\x85drie")]
    (tmp_path / "y.txt").write_text("Diet\t无\n" * 20)
    corpus = read_corpus(tmp_path / "y.txt")
    assert (len(corpus), corpus[0].text, corpus[0].meta["label"]) == (20, "无", "Diet")
    (tmp_path / "z.train").write_text("1 good film\n0\n0 bad film\n")
    rated = read_corpus(tmp_path / "z.train", reader=LabelledLines(" "))
    assert [(document.meta["label"], document.text) for document in rated] == [("1", "good film"), ("0", "bad film")]
    assert [problem.line for problem in rated.problems] == [2]


def test_a_tab_in_notes_makes_them_no_columns(tmp_path: Path) -> None:
    note = "Naam:\tJansen\nDiagnose:\tjicht\nO\tB\nAnamnese: koorts O\n"
    (tmp_path / "x.txt").write_text(note)
    assert read_corpus(tmp_path)[0].text == note


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "x.jsonl",
            f'{{"text": "{SECRET}", "spans": [{{"start": 0, "end": 6, "text": "{SECRET}"}}]}}\n{{"text": "{SECRET}',
        ),
        ("x.json", f'[{{"text": "{SECRET}", "entities": [{{"start_idx": "{SECRET}", "end_idx": 3, "type": "x"}}]}}]'),
        (
            "x.json",
            f'{{"text": "{SECRET}", "mention_data": [{{"mention": "Jansen", "offset": 0, "type": "x"}}, "{SECRET}"]}}',
        ),
        ("x.tsv", "a\tB-X\nb\tI-Y\n" * 30 + f"{SECRET}\n\na\tO\n"),
        ("x.txt", f"1|t|{SECRET}\n1\t0\t6\tJansen\tX\n{SECRET}\n"),
        ("x.txt", f"{SECRET} caf\udce9"),
    ],
)
def test_problems_never_quote_the_text(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError, match="problem") as error:
        read_corpus(tmp_path, strict=True)
    assert not any(word in str(error.value) for word in SECRET.split())


@given(st.text(max_size=200), st.sampled_from(["x.txt", "x.json", "x.tsv", "x.ann"]))
def test_no_text_makes_a_reader_fail(text: str, name: str) -> None:
    source = Source(Path(name), text)
    for reader in READERS:
        reader.recognises(source.path, text)
        found = list(reader.read(source))
        assert all(isinstance(item, Document | Problem) for item in found)


KEYS = (
    "text", "spans", "entities", "start", "end", "start_idx", "end_idx", "type", "mention_data", "offset", "mention",
    "tokens", "entity_mentions", "dialogue-content", "sentence", "label", "fragments", "meta", "id",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)


@given(JSON)
def test_no_json_makes_a_reader_fail(value: object) -> None:
    of_value = dict.fromkeys(
        ("spans", "entities", "mention_data", "entity_mentions", "dialogue-content", "meta"), value
    )
    source = Source(Path("x.json"), json.dumps([value, {"text": "ab", "tokens": ["a", "b"]} | of_value]))
    for reader in READERS[1:6]:
        assert all(isinstance(item, Document | Problem) for item in reader.read(source))


def test_a_reader_of_ones_own(tmp_path: Path) -> None:
    @dataclass(frozen=True)
    class Shouting:
        def recognises(self, path: Path, head: str) -> bool:
            return head.isupper()

        def read(self, source: Source) -> Iterator[Document | Problem]:
            yield Document(source.text, source.lang, (Span(0, len(source.text), "Shout"),), source.stem)
            yield source.problem(1, "loud")

    (tmp_path / "x.txt").write_text("KOORTS")
    corpus = read_corpus(tmp_path / "x.txt", "nl", reader=Shouting())
    assert corpus[0].spans == (Span(0, 6, "Shout"),)
    assert [str(problem) for problem in corpus.problems] == [f"{tmp_path / 'x.txt'}:1: loud"]
