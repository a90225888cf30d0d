"""JSON lines hold everything, and a bad record costs only itself."""

import json
from pathlib import Path

import pytest
from drawn_documents import documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explain_lib.core import Document, Span
from explain_lib.corpora import read_corpus, write_corpus

GOOD = '{"id": "a", "lang": "zh", "text": "头痛三天", "spans": [{"start": 0, "end": 2, "label": "Symptom"}]}'
EMPTY = "is empty or negative; a span needs 0 <= start < end. It is left out."
TANGLED = "overlap or are not sorted; they must be sorted and disjoint. It is left out."


@given(st.lists(documents(), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_comes_back(tmp_path: Path, drawn: list[Document]) -> None:
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        assert write_corpus(drawn, tmp_path / name) == ()
        back = read_corpus(tmp_path / name, strict=True)
        assert list(back) == drawn
        assert [document.meta for document in back] == [document.meta for document in drawn]


def test_the_keys_stand_in_the_fixed_order(tmp_path: Path) -> None:
    document = Document("ab cd", "nl", (Span.from_fragments([(0, 2), (3, 5)], "Body"),), "d", {"section": "s"})
    write_corpus([document], tmp_path / "one.jsonl")
    assert (tmp_path / "one.jsonl").read_text(encoding="utf-8") == (
        '{"id": "d", "lang": "nl", "text": "ab cd", "spans": [{"start": 0, "end": 5, "label": "Body", '
        '"fragments": [[0, 2], [3, 5]]}], "meta": {"section": "s"}}\n'
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (
            '{"id": "b", "text": ""}',
            "the document is left out: Document.text is empty; a document needs at least one character.",
        ),
        ('{"id": "b"}', "the document is left out: it has no 'text'"),
        (
            '{"id": "b", "text": 5}',
            "the document is left out: Document.text is a int; it must be a str. Decode bytes first.",
        ),
        ('{"id": "b", "text": "x"', "the line is no JSON and is left out: Expecting ',' delimiter at column 24"),
        ("[" * 100_000, "the line is no JSON and is left out: RecursionError"),
        ('"x"', "a JSON str stands where an object should; it is left out"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_kept(tmp_path: Path, line: str, what: str) -> None:
    (tmp_path / "x.jsonl").write_text(f"{GOOD}\n{line}\n{GOOD}\n", encoding="utf-8")
    corpus = read_corpus(tmp_path / "x.jsonl")
    assert len(corpus) == 2
    [problem] = corpus.problems
    assert (problem.file, problem.line) == (str(tmp_path / "x.jsonl"), 2)
    assert problem.what.startswith(what)


@pytest.mark.parametrize(
    ("span", "what"),
    [
        ({"start": 2, "end": 9, "label": "X"}, "span 2–9 leaves the text of 4 characters; it is left out"),
        ({"start": 2, "end": 2, "label": "X"}, f"span 2–2 {EMPTY}"),
        ({"start": -2, "end": 2, "label": "X"}, f"span -2–2 {EMPTY}"),
        ({"start": 0.5, "end": 2}, "span 1 of the document is left out: an offset is a float and no whole number"),
        ({"start": "geheim", "end": 2}, "span 1 of the document is left out: an offset is a str and no whole number"),
        ({"end": 2}, "span 1 of the document is left out: it has no 'start'"),
        ({"fragments": [[0, 2], [1, 4]]}, f"fragments ((0, 2), (1, 4)) {TANGLED}"),
    ],
)
def test_a_bad_span_is_reported_and_its_document_kept(tmp_path: Path, span: dict[str, object], what: str) -> None:
    record = {"text": "头痛三天", "spans": [span, {"start": 0, "end": 2, "label": "Symptom"}]}
    (tmp_path / "x.jsonl").write_text(json.dumps(record), encoding="utf-8")
    corpus = read_corpus(tmp_path / "x.jsonl")
    assert [problem.what for problem in corpus.problems] == [what]
    assert corpus[0].spans == (Span(0, 2, "Symptom"),)


def test_other_spellings_are_understood(tmp_path: Path) -> None:
    record = {
        "text": "ab cd",
        "entities": [{"fragments": [[0, 2], [3, 5]], "group": "DISO", "text": "ab cd"}],
        "source": "s",
    }
    (tmp_path / "x.jsonl").write_text(json.dumps(record), encoding="utf-8")
    [document] = read_corpus(tmp_path / "x.jsonl", lang="nl", strict=True)
    assert document.spans == (Span(0, 5, "DISO", ((0, 2), (3, 5))),)
    assert (document.id, document.lang, dict(document.meta)) == ("x-1", "nl", {"source": "s"})


def test_an_array_keeps_line_numbers_and_survives_a_break(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '[\n{"text": "a"},\n{"text":\n"b"}, 7,\n{"text": oops}, {"text": "c"}]', encoding="utf-8"
    )
    corpus = read_corpus(tmp_path / "x.json")
    assert [document.text for document in corpus] == ["a", "b"]
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (4, "a JSON int stands where an object should; it is left out"),
        (5, "the array is broken here and the rest is left out: Expecting value at column 10"),
    ]


def test_an_open_array_is_reported(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"text": "a"}', encoding="utf-8")
    corpus = read_corpus(tmp_path / "x.json")
    assert [problem.what for problem in corpus.problems] == ["the array is not closed; the file may be cut off"]


def test_meta_that_json_cannot_hold_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="the meta of document 'd' cannot be written as JSON: .* Use strings, numbers"):
        write_corpus([Document("x", id="d", meta={"k": {1, 2}})], tmp_path / "x.jsonl")
    assert not (tmp_path / "x.jsonl").exists()
