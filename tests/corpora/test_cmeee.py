"""CMeEE files: the meaning of the end index is read off the file."""

import json
from pathlib import Path

import pytest

from explain_lib.core import Span
from explain_lib.corpora import read_corpus

TEXT = "儿童细胞下降不明显"


def entity(start: int, end: int, mention: str | None = None) -> dict[str, object]:
    return {
        "start_idx": start,
        "end_idx": end,
        "type": "sym",
        "entity": TEXT[start:end] if mention is None else mention,
    }


@pytest.mark.parametrize("is_inclusive", [True, False])
@pytest.mark.parametrize("as_array", [True, False])
def test_inclusive_and_exclusive_ends_are_told_apart(tmp_path: Path, is_inclusive: bool, as_array: bool) -> None:
    spans = [(0, 2), (2, 6), (2, 4), (7, 9)]
    entities = [entity(s, e) | {"end_idx": e - is_inclusive} for s, e in spans]
    records = [{"text": TEXT, "entities": []}, {"text": TEXT, "entities": entities}]
    text = json.dumps(records) if as_array else "\n".join(map(json.dumps, records))
    (tmp_path / "x.json").write_text(text)
    corpus = read_corpus(tmp_path / "x.json", "zh", strict=True)
    assert corpus[1].spans == tuple(Span(s, e, "sym") for s, e in spans)
    assert (corpus[1].text, corpus[1].lang, corpus[1].id) == (TEXT, "zh", "x-2")


def test_one_wrong_entity_does_not_turn_the_file(tmp_path: Path) -> None:
    entities = [entity(0, 2), entity(2, 4), entity(4, 5, "下降"), {"start_idx": None}, {"start_idx": 0, "end_idx": 2}]
    (tmp_path / "x.json").write_text(
        json.dumps([{"text": TEXT, "entities": entities}, {"text": None, "entities": [1]}])
    )
    corpus = read_corpus(tmp_path / "x.json")
    assert corpus[0].spans == (Span(0, 2, "sym"), Span(2, 4, "sym"), Span(4, 6, "sym"))
    assert [problem.what for problem in corpus.problems] == [
        "the mention is not at 4–5; it was moved to 4–6, where it stands",
        "span 4 of the document is left out: an offset is a NoneType and no whole number",
        "span 5 of the document is left out: it has no 'type'",
        "the document is left out: Document.text is a NoneType; it must be a str. Decode bytes first.",
    ]
