"""Choosing the format to write, and never writing anywhere else."""

from pathlib import Path

import pytest

from explain_lib.core import Document, Span
from explain_lib.corpora import Brat, Conll, JsonLines, read_corpus, write_corpus

DOCUMENT = Document("koorts", "nl", (Span(0, 6, "Symptom"),), "d")


@pytest.mark.parametrize(
    ("name", "writer"),
    [
        ("x.jsonl", None), ("x.json.gz", None), ("x.tsv", None), ("x.conll.gz", None), ("folder", None),
        ("odd.suffix", Conll()), ("odd.suffix", JsonLines()), ("odd.suffix", Brat()), ("deep/er/x.jsonl", None),
    ],
)  # fmt: skip
def test_suffix_or_writer_choose_the_format(tmp_path: Path, name: str, writer: Brat | Conll | JsonLines | None) -> None:
    assert write_corpus([DOCUMENT], str(tmp_path / name), writer) == ()
    [back] = read_corpus(tmp_path / name, "nl", strict=True, reader=writer)
    assert back == DOCUMENT
    assert [path.name for path in tmp_path.iterdir()] == [Path(name).parts[0]]


def test_an_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="no format is known for the suffix '.docx' of .*x.docx; use .jsonl, .jsonlines"
    ):
        write_corpus([DOCUMENT], tmp_path / "x.docx")


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_corpus([DOCUMENT], tmp_path / name)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_a_text_that_no_file_can_hold_leaves_the_old_file_alone(tmp_path: Path) -> None:
    write_corpus([DOCUMENT], tmp_path / "x.jsonl")
    with pytest.raises(ValueError, match="document 'bad' holds half of a surrogate pair, which UTF-8 cannot hold"):
        write_corpus([DOCUMENT, Document("a\ud800", id="bad")], tmp_path / "x.jsonl")
    assert list(read_corpus(tmp_path / "x.jsonl")) == [DOCUMENT]
