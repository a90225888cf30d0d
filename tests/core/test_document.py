"""Documents and corpora: text as written, frozen, and never shown by accident."""

import copy
from dataclasses import FrozenInstanceError, replace

import pytest

from explain_lib.core import Corpus, Document, Problem, Span


def test_what_is_no_document() -> None:
    with pytest.raises(ValueError, match=r"Document\.text is empty; a document needs at least one character\."):
        Document("")
    with pytest.raises(TypeError, match=r"Document\.text is a bytes; it must be a str\. Decode bytes first\."):
        Document(b"koorts")  # type: ignore[arg-type]
    with pytest.raises(
        ValueError, match=r"span 2–7 leaves the text, which has 6 characters\. Offsets count Unicode code"
    ):
        Document("koorts", spans=(Span(2, 7),))


def test_text_is_never_normalised() -> None:
    for text in ("e\u0301", "ﬁ", "a\r\nb", "\ufeffx", " ", "𠀀", "Ａ"):
        assert Document(text).text == text


def test_a_document_is_frozen_and_keeps_copies() -> None:
    meta, spans = {"section": "A"}, [Span(0, 1)]
    document = Document("koorts", meta=meta, spans=spans)  # type: ignore[arg-type]
    meta["section"], spans[0] = "B", Span(1, 2)
    assert (document.meta["section"], document.spans) == ("A", (Span(0, 1),))
    with pytest.raises(FrozenInstanceError):
        document.text = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        document.meta["section"] = "C"  # type: ignore[index]


def test_copies_are_equal_and_equally_hashed() -> None:
    document = Document("koorts", "nl", (Span(0, 6, "Symptom"),), "d", {"section": "A"})
    for other in (copy.deepcopy(document), replace(document)):
        assert other == document
        assert hash(other) == hash(document)
    assert replace(document, meta={}) != document


def test_no_repr_shows_text() -> None:
    document = Document("koorts", "nl", id="d")
    assert repr(document) == "Document(id='d', lang='nl', 6 characters, 0 spans)"
    assert "koorts" not in repr(Corpus((document,)))


def test_a_corpus_is_a_sequence_that_keeps_its_problems() -> None:
    documents = [Document(text) for text in "abc"]
    problem = Problem("x.txt", 3, "wrong")
    corpus = Corpus(documents, [problem])  # type: ignore[arg-type]
    assert (len(corpus), list(corpus), corpus[-1]) == (3, documents, documents[2])
    assert corpus[1:] == Corpus(tuple(documents[1:]), (problem,))
    assert documents[1] in corpus
    assert repr(corpus) == "Corpus(3 documents, 1 problems)"
    assert (str(problem), str(Problem("x.txt", 0, "wrong"))) == ("x.txt:3: wrong", "x.txt: wrong")
