"""The Dutch training text: format, offsets, labels, counts, and its distance from the evaluation documents."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
NL = DATA / "training" / "nl"
LABELS = {"Disease", "Chemical", "Symptom", "Body", "Test", "Treatment"}
LEXICON_LEAST = {"Disease": 450, "Chemical": 400, "Symptom": 250, "Body": 150, "Test": 120, "Treatment": 100}
LINES = (NL / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = [json.loads(line) for line in LINES]
LEXICON = [tuple(line.split("\t")) for line in (NL / "lexicon.tsv").read_text(encoding="utf-8").splitlines()]


def repeated(items: Iterable[str]) -> list[str]:
    return [item for item, count in Counter(items).items() if count > 1]


def letters(text: str) -> str:
    """The text without case, spacing and punctuation, so that near copies compare equal."""
    return "".join(char for char in text.casefold() if char.isalnum())


def test_rows_have_the_document_format() -> None:
    for line, row in zip(LINES, ROWS, strict=True):
        assert list(row) == ["id", "lang", "text", "spans", "meta"], row["id"]
        assert row["lang"] == "nl"
        assert set(row["meta"]) == {"section", "field"} and all(row["meta"].values()), row["id"]
        assert all(list(span) == ["start", "end", "label"] for span in row["spans"]), row["id"]
        assert line == json.dumps(row, ensure_ascii=False), row["id"]


def test_ids_count_up_and_texts_are_unique() -> None:
    assert [row["id"] for row in ROWS] == [f"nl-train-{number:04d}" for number in range(1, len(ROWS) + 1)]
    assert repeated(letters(row["text"]) for row in ROWS) == []


def test_spans_are_flat_and_cut_no_word() -> None:
    for row in ROWS:
        text = row["text"]
        assert text == text.strip() and not re.search(r"[\[\]{}]|\s{2}", text), row["id"]
        for span in row["spans"]:
            start, end = span["start"], span["end"]
            mention = text[start:end]
            assert 0 <= start < end <= len(text) and mention == mention.strip(), (row["id"], span)
            assert not re.match(r"\w", text[:start][-1:] or " "), (row["id"], mention)
            assert not re.match(r"\w", text[end:][:1] or " "), (row["id"], mention)
        for left, right in pairwise(row["spans"]):
            assert left["end"] <= right["start"], (row["id"], left, right)


def test_labels_and_counts() -> None:
    counts = Counter(span["label"] for row in ROWS for span in row["spans"])
    assert set(counts) == LABELS
    assert min(counts.values()) >= 150, counts
    assert len(ROWS) >= 600
    assert sum(not row["spans"] for row in ROWS) >= 50
    flagship = sum(row["meta"]["field"] in ("dermatologie", "mdl") for row in ROWS)
    assert flagship >= len(ROWS) / 4


def test_sentences_are_of_ordinary_length() -> None:
    lengths = {row["id"]: len(row["text"].split()) for row in ROWS}
    assert {name: words for name, words in lengths.items() if not 6 <= words <= 35} == {}


def test_lexicon_is_clean_and_large_enough() -> None:
    assert {len(entry) for entry in LEXICON} == {2}
    assert all(term == term.strip() and term for _, term in LEXICON)
    assert repeated(term.casefold() for _, term in LEXICON) == []
    counts = Counter(label for label, _ in LEXICON)
    assert set(counts) == LABELS
    assert {label: counts[label] for label, least in LEXICON_LEAST.items() if counts[label] < least} == {}


def test_no_training_sentence_occurs_in_the_evaluation_documents() -> None:
    files = sorted((DATA / "documents").rglob("*.jsonl"))
    if not files:
        pytest.skip("data/documents holds no .jsonl file")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").split("\n") if line)
    gold = [letters(json.loads(line)["text"]) for line in lines]
    mine = {row["id"]: letters(row["text"]) for row in ROWS}
    shared = [name for name, text in mine.items() if any(text in other or other in text for other in gold)]
    assert shared == []
