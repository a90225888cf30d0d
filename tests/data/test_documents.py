"""The documents that come with the project are what their README says, and nothing else has seen them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "data"
LANGS = ("zh", "nl", "en")
LABELS = ("Disease", "Chemical", "Symptom", "Body", "Test", "Treatment")
HAN = re.compile("[\u4e00-\u9fff]")

Document = dict[str, Any]
SpanRecord = dict[str, Any]


def lines_of(path: Path) -> list[Document]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


DOCUMENTS = {lang: lines_of(DATA / "documents" / f"{lang}.jsonl") for lang in LANGS}
EVERY = [document for lang in LANGS for document in DOCUMENTS[lang]]


def is_note(document: Document) -> bool:
    return "-note-" in document["id"]


def parts_of(span: SpanRecord) -> list[list[int]]:
    fragments: list[list[int]] = span.get("fragments", [[span["start"], span["end"]]])
    return fragments


def is_nested(span: SpanRecord, document: Document) -> bool:
    others = [other for other in document["spans"] if other is not span and "fragments" not in other]
    return any(other["start"] <= span["start"] and span["end"] <= other["end"] for other in others)


def cut_words(document: Document) -> Iterator[str]:
    """Parts of spans that begin or end inside a word of an alphabet; Chinese has no such words."""
    text = document["text"]

    def is_inside_word(at: int) -> bool:
        around = text[max(at - 1, 0) : at + 1]
        return 0 < at < len(text) and around.isalnum() and not HAN.search(around)

    for span in document["spans"]:
        for start, end in parts_of(span):
            if is_inside_word(start) or is_inside_word(end):
                yield text[start:end]


def counted(documents: list[Document]) -> dict[str, int]:
    spans = [(span, document) for document in documents for span in document["spans"]]
    labels = Counter(span["label"] for span, _ in spans)
    return {
        "sentences": sum(not is_note(document) for document in documents),
        "notes": sum(is_note(document) for document in documents),
        **{label: labels[label] for label in LABELS},
        "spans": len(spans),
        "nested": sum(is_nested(span, document) for span, document in spans),
        "discontinuous": sum("fragments" in span for span, _ in spans),
        "hard": sum("hard" in document["meta"] for document in documents),
    }


def table_of_the_readme() -> dict[str, list[int]]:
    rows = re.findall(r"^\| (\w+)((?: \| \d+){4}) \|$", (DATA / "documents/README.md").read_text("utf-8"), re.MULTILINE)
    return {name: [int(figure) for figure in re.findall(r"\d+", figures)] for name, figures in rows}


@pytest.fixture(params=EVERY, ids=[document["id"] for document in EVERY])
def document(request: pytest.FixtureRequest) -> Document:
    chosen: Document = request.param
    return chosen


def test_the_readme_counts_what_is_there() -> None:
    columns = [counted(documents) for documents in (*DOCUMENTS.values(), EVERY)]
    assert table_of_the_readme() == {name: [column[name] for column in columns] for name in columns[0]}


def test_there_is_enough_of_everything() -> None:
    for documents in DOCUMENTS.values():
        counts = counted(documents)
        assert counts["sentences"] >= 24 and counts["notes"] >= 2
        assert min(counts[label] for label in LABELS) >= 10
        assert counts["nested"] and counts["discontinuous"]
    assert counted(EVERY)["discontinuous"] >= 4
    assert counted(EVERY)["hard"] >= 15


def test_both_flagship_diseases_occur_in_every_language() -> None:
    names = {
        "zh": ("特应性皮炎", "克罗恩病", "溃疡性结肠炎"),
        "nl": ("constitutioneel eczeem", "ziekte van crohn", "colitis ulcerosa"),
        "en": ("atopic", "crohn's disease", "ulcerative colitis"),
    }
    for lang, documents in DOCUMENTS.items():
        diseases = [(s, d["text"]) for d in documents for s in d["spans"] if s["label"] == "Disease"]
        found = [text[span["start"] : span["end"]].lower() for span, text in diseases]
        for name in names[lang]:
            assert sum(name in mention for mention in found) >= 2, name


def test_ids_and_texts_are_unique() -> None:
    assert len({document["id"] for document in EVERY}) == len(EVERY)
    assert len({document["text"] for document in EVERY}) == len(EVERY)


def test_sentences_come_before_notes_and_are_numbered() -> None:
    for lang, documents in DOCUMENTS.items():
        n_sentences = sum(not is_note(document) for document in documents)
        expected = [f"{lang}-{n:02}" for n in range(1, n_sentences + 1)]
        expected += [f"{lang}-note-{n}" for n in range(1, len(documents) - n_sentences + 1)]
        assert [document["id"] for document in documents] == expected


def test_the_record_has_its_form(document: Document) -> None:
    assert list(document) == ["id", "lang", "text", "spans", "meta"]
    assert document["lang"] == document["id"][:2]
    assert unicodedata.is_normalized("NFC", document["text"]) and document["text"] == document["text"].strip()
    assert bool(HAN.search(document["text"])) == (document["lang"] == "zh")
    assert set(document["meta"]) - {"hard"} == {"section", "source", "specialty"}
    assert all(document["meta"].values()) and document["meta"]["source"] == "written for this project"


def test_notes_are_long_and_have_the_sections_that_meta_names(document: Document) -> None:
    n_characters, lines = len(document["text"]), document["text"].split("\n")
    if not is_note(document):
        assert len(lines) == 1 and n_characters < 260
        return
    assert 250 <= n_characters <= 450 if document["lang"] == "zh" else 900 <= n_characters <= 1800
    assert [re.split("[:：]", line)[0] for line in lines] == document["meta"]["section"].split(" / ")


def test_every_span_is_in_range_and_clean(document: Document) -> None:
    text = document["text"]
    assert document["spans"]
    for span in document["spans"]:
        assert list(span) in (["start", "end", "label"], ["start", "end", "label", "fragments"])
        assert span["label"] in LABELS
        parts = parts_of(span)
        assert (span["start"], span["end"]) == (parts[0][0], parts[-1][1]), "start and end are the hull"
        assert all(0 <= start < end <= len(text) for start, end in parts)
        assert all(left[1] < right[0] for left, right in pairwise(parts)), "fragments are sorted and apart"
        assert all(text[start:end] == text[start:end].strip(" \n,;:.，；：。、") for start, end in parts)


def test_fragments_mean_at_least_two_parts(document: Document) -> None:
    assert all(len(span["fragments"]) >= 2 for span in document["spans"] if "fragments" in span)


def test_no_mention_is_marked_twice_with_one_label(document: Document) -> None:
    marked = [(span["label"], str(parts_of(span))) for span in document["spans"]]
    assert len(set(marked)) == len(marked)


def test_contiguous_spans_nest_and_never_cross(document: Document) -> None:
    whole = [(span["start"], span["end"]) for span in document["spans"] if "fragments" not in span]
    assert not [(a, b) for a in whole for b in whole if a[0] < b[0] < a[1] < b[1]]


def test_only_four_dutch_compounds_are_cut_and_each_says_so() -> None:
    cut = {document["id"]: list(cut_words(document)) for document in EVERY if any(cut_words(document))}
    assert cut == {"nl-05": ["pijn"], "nl-06": ["methotrexaat"], "nl-16": ["levetiracetam"], "nl-25": ["eczeem"]}
    assert all("compound" in document["meta"]["hard"] for document in EVERY if document["id"] in cut)


def test_discontinuous_mentions_read_as_meant() -> None:
    spans = [(span, document) for document in EVERY for span in document["spans"] if "fragments" in span]
    assert {"…".join(d["text"][a:b] for a, b in s["fragments"]) for s, d in spans} == {
        "上…肢伸侧", "干…啰音", "1型…糖尿病", "mond…pijn", "hand…eczeem", "diabetes mellitus…type 2",
        "ileal…Crohn's disease", "Hepatitis…C", "Thick…films", "red…eyes",
    }  # fmt: skip


def test_no_dutch_document_shares_six_words_with_the_training_text() -> None:
    def runs(documents: list[Document]) -> set[tuple[str, ...]]:
        words = [re.findall(r"\w+", document["text"].lower()) for document in documents]
        return {tuple(run[at : at + 6]) for run in words for at in range(len(run) - 5)}

    training = [document for path in sorted((DATA / "training/nl").glob("*.jsonl")) for document in lines_of(path)]
    assert training, "the Dutch training text is missing"
    assert not runs(training) & runs(DOCUMENTS["nl"])
