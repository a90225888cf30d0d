"""Mention lists, token spans and tagged dialogues."""

import gzip
import json
from pathlib import Path

from explain_lib.core import Corpus, Span
from explain_lib.corpora import TaggedDialogues, read_corpus


def read(tmp_path: Path, *records: object) -> Corpus:
    path = tmp_path / "x.json.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()))
    return read_corpus(path, "zh")


def test_mention_lists_are_read_and_mended(tmp_path: Path) -> None:
    text = "多见于青、中年女性，查hbsag"
    mentions = [
        {"mention": "中年女性", "type": "crowd", "offset": "6"},
        {"mention": "HBsAg", "type": "test", "offset": "11"},
        {"mention": "儿童", "type": "crowd", "offset": "0"},
        {"mention": "女性", "type": "crowd", "offset": 7},
    ]
    corpus = read(tmp_path, {"text": text, "mention_data": mentions})
    assert corpus[0].spans == (Span(5, 9, "crowd"), Span(11, 16, "test"), Span(7, 9, "crowd"))
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (1, "the mention is not at 6–10; it was moved to 5–9, where it stands"),
        (1, "the mention at 11–16 differs from the text in letter case; its offsets are kept"),
        (1, "the mention is not at 0–2 and does not occur within 10 characters; the span is left out"),
    ]


def test_token_spans_become_characters(tmp_path: Path) -> None:
    mentions = [
        {"start": 0, "end": 2, "entity_type": "DNA", "text": "jun B"},
        {"start": 1, "end": 2, "entity_type": "DNA"},
        {"start": 2, "end": 4, "entity_type": "DNA"},
    ]
    corpus = read(tmp_path, {"tokens": ["jun", "B", "."], "doc_id": "d", "sent_id": "d-0", "entity_mentions": mentions})
    assert (corpus[0].text, corpus[0].id, dict(corpus[0].meta)) == ("jun B .", "d-0", {"document": "d"})
    assert corpus[0].spans == (Span(0, 5, "DNA"), Span(4, 5, "DNA"))
    assert [problem.what for problem in corpus.problems] == [
        "span 3 of the document is left out: tokens 2 to 4 are no range of 3 tokens"
    ]


def test_dialogues_become_utterances(tmp_path: Path) -> None:
    turns = [
        {
            "speaker": "患者",
            "sentence": "头痛咳嗽",
            "label": "BIBI",
            "normalized": ["头痛", "咳嗽"],
            "type": ["1", "2"],
        },
        {"speaker": "医生", "sentence": "", "label": ""},
        {"speaker": "医生", "sentence": "痛吗", "label": "IO"},
        {"speaker": "医生", "sentence": "痛吗", "label": "O"},
    ]
    corpus = read(tmp_path, {"example-id": "7", "dialogue-content": turns})
    assert [(document.id, document.spans) for document in corpus] == [
        ("7-1", (Span(0, 2, "Symptom"), Span(2, 4, "Symptom"))),
        ("7-3", (Span(0, 1, "Symptom"),)),
    ]
    assert dict(corpus[0].meta) == {
        "dialogue": "7", "turn": 1, "speaker": "患者", "normalized": ["头痛", "咳嗽"], "type": ["1", "2"],
    }  # fmt: skip
    assert [problem.what for problem in corpus.problems] == [
        "utterance 7-2 is empty; it is left out",
        "an I opens the span at 0; it is kept",
        "utterance 7-4 has 2 characters and 1 letters; it is left out",
    ]
    other = read_corpus(tmp_path / "x.json.gz", reader=TaggedDialogues(label="Complaint"))
    assert {span.label for document in other for span in document.spans} == {"Complaint"}


def test_dialogues_of_another_shape_are_reported(tmp_path: Path) -> None:
    good = {"dialogue-content": [{"sentence": "痛", "label": "B"}]}
    corpus = read(tmp_path, good, {"dialogue-content": ["x"]}, {"dialogue-content": 5}, good)
    assert [document.id for document in corpus] == ["x-1-1", "x-4-1"]
    assert [(problem.line, problem.what) for problem in corpus.problems] == [
        (2, "utterance x-2-1 is a str; it is left out"),
        (3, "dialogue x-3 holds no list of utterances; it is left out"),
    ]
