"""Column files in every layout of the field."""

from pathlib import Path

import pytest
from drawn_documents import documents, flat_documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explain_lib.core import Corpus, Document, Span
from explain_lib.corpora import Conll, read_corpus, write_corpus

ANY_PATH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(tmp_path: Path, text: str, lang: str = "", name: str = "x.tsv") -> Corpus:
    (tmp_path / name).write_bytes(text.encode("utf-8"))
    return read_corpus(tmp_path / name, lang)


@given(st.lists(flat_documents(), min_size=1, max_size=3))
@ANY_PATH
def test_flat_documents_come_back(tmp_path: Path, drawn: list[Document]) -> None:
    write_corpus(drawn, tmp_path / "x.conll")
    back = read_corpus(tmp_path / "x.conll", reader=Conll(), strict=True)
    assert [(document.text, document.spans, document.id) for document in back] == [
        (document.text, document.spans, document.id) for document in drawn
    ]


@given(documents())
@ANY_PATH
def test_what_columns_cannot_say_is_reported_and_the_rest_written(tmp_path: Path, document: Document) -> None:
    problems = write_corpus([document], tmp_path / "x.conll", strict=False)
    if document.text.strip():
        [back] = read_corpus(tmp_path / "x.conll", reader=Conll())
        assert back.text == document.text
        assert len(back.spans) == len(document.spans) - len(problems)
        assert set(back.spans) <= set(document.spans)
        assert not any(a.overlaps(b) for i, a in enumerate(back.spans) for b in back.spans[:i])


UNER = (
    "# sent_id = 1\n# text = Geen acute jicht .\n1\tGeen\tO\t-\t-\n2\tacute\tB-Dis\t-\t-\n3\tjicht\tI-Dis\t-\t-\n"
    "4\t.\tO\t-\t-\n\n# text = Jicht\n1\tJicht\tB-Dis\t-\t-\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "Geen\tO\nacute\tB-Dis\njicht\tI-Dis\n.\tO\n\nJicht\tB-Dis\n",
        "Geen O\nacute B_Dis\njicht I_Dis\n. O\n\nJicht B_Dis\n",
        "Geen\tO\r\nacute\tB-Dis\r\njicht\tE-Dis\r\n.\tO\r\n\r\n\r\nJicht\tS-Dis\r\n",
        "-DOCSTART- -X- -X- O\n\nGeen XX O O\nacute YY B-NP B-Dis\njicht NN I-NP I-Dis\n. . O O\n\nJicht NN B-NP B-Dis",
        "0\tGeen\tO\n1\tacute\tB-Dis\n2\tjicht\tI-Dis\n3\t.\tO\n\n0\tJicht\tB-Dis\n",
        UNER,
        "Geen\tO\nacute\tI-Dis\njicht\tI-Dis\n.\tO\n\nJicht\tI-Dis\n",
    ],
    ids=["tab", "blank and underscore", "IOBES and CR LF", "CoNLL 2003", "numbered", "UNER", "IO"],
)
def test_every_layout_gives_the_same_documents(tmp_path: Path, text: str) -> None:
    first, second = read(tmp_path, text, "nl")
    assert (first.text, first.spans) == ("Geen acute jicht .", (Span(5, 16, "Dis"),))
    assert (second.text, second.spans) == ("Jicht", (Span(0, 5, "Dis"),))


def test_the_text_comment_rules_where_the_tokens_fit(tmp_path: Path) -> None:
    fits = "# text = Geen  acute jicht.\nGeen\tO\nacute\tO\njicht\tB-Dis\n.\tO\n\n"
    differs = "# text = iets anders\nGeen\tO\nacute\tO\njicht\tB-Dis\n.\tO\n"
    first, second = read(tmp_path, fits + differs, "nl")
    assert (first.text, first.spans) == ("Geen  acute jicht.", (Span(12, 17, "Dis"),))
    assert (second.text, second.spans) == ("Geen acute jicht .", (Span(11, 16, "Dis"),))


@pytest.mark.parametrize(("lang", "text"), [("zh", "头 痛3天"), ("", "头 痛3天"), ("nl", "头   痛 3 天")])
def test_chinese_is_joined_without_blanks_and_white_space_may_be_a_token(tmp_path: Path, lang: str, text: str) -> None:
    [document] = read(tmp_path, "头 B_symptom\n  I_symptom\n痛 I_symptom\n3 O\n天 O\n", lang, "dev.txt")
    assert document.text == text
    assert document.spans[0].text_of(text) == text[: text.index("痛") + 1]


@pytest.mark.parametrize("comment", ["[" * 20_000, "5", "no json", '"iets anders"'])
def test_a_broken_text_comment_is_no_harm(tmp_path: Path, comment: str) -> None:
    [document] = read(tmp_path, f"# text_json = {comment}\na\tB-X\n")
    assert (document.text, document.spans) == ("a", (Span(0, 1, "X"),))


def test_a_comment_may_end_like_a_row(tmp_path: Path) -> None:
    [document] = read(tmp_path, "# text = Groep O\nGroep O\nO O\n")
    assert document.text == "Groep O"


def test_a_token_may_be_a_hash_mark(tmp_path: Path) -> None:
    [document] = read(tmp_path, "# a comment\n#\tO\nc\tB-X\n#\tI-X\n")
    assert (document.text, document.spans) == ("# c #", (Span(2, 5, "X"),))


def test_an_inside_tag_that_opens_a_span_is_reported_with_its_line(tmp_path: Path) -> None:
    corpus = read(tmp_path, "a\tB-X\n\nb\tO\nc\tI-X\nd\tI-Y\n")
    assert corpus[1].spans == (Span(2, 3, "X"), Span(4, 5, "Y"))
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (4, "the tag opens a span of x-2 without a B; the span is kept"),
        (5, "the tag opens a span of x-2 without a B; the span is kept"),
    ]


def test_old_style_bio_opens_with_i_by_rule(tmp_path: Path) -> None:
    corpus = read(tmp_path, "a\tI-X\nb\tB-X\nc\tI-X\nd\tO\ne\tI-Y\n")
    assert corpus[0].spans == (Span(0, 1, "X"), Span(2, 5, "X"), Span(8, 9, "Y"))
    assert corpus.problems == ()


def test_a_malformed_line_costs_its_sentence(tmp_path: Path) -> None:
    good = "a\tB-X\nb\tO\n\n" * 20
    corpus = read(tmp_path, good + "a\tB-X\nalone\nb\tO\n\n" + good)
    assert len(corpus) == 40
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (62, "the line has no token and tag; sentence x-21 is left out")
    ]


def test_documents_are_told_apart(tmp_path: Path) -> None:
    corpus = read(tmp_path, "-DOCSTART-\tO\n\na\tO\n\n-DOCSTART-\tO\n\nb\tB-X\n")
    assert [document.meta["document"] for document in corpus] == ["x:1", "x:2"]


@pytest.mark.parametrize(
    ("spans", "what"),
    [
        ((Span(0, 5, "A"), Span(3, 8, "B")), "span 3–8 crosses 0–5, and columns are flat"),
        ((Span(0, 5, "A"), Span(0, 2, "B")), "span 0–2 lies within 0–5, and columns are flat"),
        ((Span.from_fragments([(0, 1), (3, 4)], "A"),), "span 0–4 is discontinuous"),
        ((Span(0, 3, "A"),), "span 0–3 begins or ends with white space"),
        ((Span(0, 2, "A\tB"),), "span 0–2 has a label that no column can hold"),
        ((Span(0, 2, ""),), "span 0–2 has a label that no column can hold"),
    ],
)
def test_writing_refuses_what_is_not_flat(tmp_path: Path, spans: tuple[Span, ...], what: str) -> None:
    document = Document("ab cd ef", spans=spans, id="d")
    with pytest.raises(
        ValueError, match=rf"Conll cannot hold 1 span\(s\), the first: document 'd': {what}\. Write JSON"
    ):
        write_corpus([document], tmp_path / "x.conll")
    assert list(tmp_path.iterdir()) == []
    [problem] = write_corpus([document], tmp_path / "x.conll", strict=False)
    assert problem.what == f"document 'd': {what}"


def test_a_span_inside_a_word_cuts_the_word_into_two_tokens(tmp_path: Path) -> None:
    write_corpus([Document("Maagklachten", "nl", (Span(0, 4, "Body"),), "d")], tmp_path / "x.tsv")
    assert (tmp_path / "x.tsv").read_text() == "# sent_id = d\n# text = Maagklachten\nMaag\tB-Body\nklachten\tO\n"


@pytest.mark.parametrize("note", ["Chronische hepatitis B\n", "Bloedgroep O\nVitamine E\n", "Diabetes type I"])
def test_a_short_note_that_ends_in_a_letter_is_text(tmp_path: Path, note: str) -> None:
    (tmp_path / "note.txt").write_text(note, encoding="utf-8")
    corpus = read_corpus(tmp_path / "note.txt")
    assert [(document.text, document.spans) for document in corpus] == [(note, ())]
