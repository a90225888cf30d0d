"""The messages for the text classifier: what their README says, and no message in two places."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import explain_lib as xl
from explain_lib.core import Document

DATA = Path(__file__).parents[2] / "data"
LANGS = ("zh", "nl", "en")
MESSAGES = list(xl.read_corpus(DATA / "triage", strict=True))


def of(lang: str) -> list[Document]:
    return [one for one in MESSAGES if one.lang == lang]


def test_the_readme_counts_what_is_there() -> None:
    readme = (DATA / "triage/README.md").read_text("utf-8")
    rows = re.findall(r"^\| (\w[\w ]*)((?: \| \d+){4}) \|$", readme, re.MULTILINE)
    told = {name: [int(n) for n in re.findall(r"\d+", counts)] for name, counts in rows}
    parts = (*map(of, LANGS), MESSAGES)
    counted = [Counter(one.meta[key] for one in part for key in ("class", "part")) for part in parts]
    names = ("training", "held out", "urgent", "routine")
    assert told == {name: [column[name] for column in counted] for name in names}


@pytest.mark.parametrize("lang", LANGS)
def test_each_part_holds_both_classes_equally_often(lang: str) -> None:
    counts = Counter((one.meta["part"], one.meta["class"]) for one in of(lang))
    assert counts["training", "urgent"] == counts["training", "routine"]
    assert counts["held out", "urgent"] == counts["held out", "routine"]


def test_no_message_stands_twice_and_none_is_a_demo_document() -> None:
    texts = [one.text for one in MESSAGES]
    assert len(set(texts)) == len(texts) == len({one.id for one in MESSAGES})
    assert not {*texts} & {one.text for one in xl.demo_documents()}


def test_the_held_out_messages_share_no_run_of_words_with_the_training_ones() -> None:
    def runs(part: str) -> set[tuple[str, ...]]:
        texts = [one.text.lower() for one in MESSAGES if one.meta["part"] == part]
        words = [re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+", text) for text in texts]
        return {tuple(one[i : i + 6]) for one in words for i in range(len(one) - 5)}

    assert not runs("training") & runs("held out")


def test_a_class_cannot_be_told_from_length_or_marks() -> None:
    lengths = {kind: [len(one.text) for one in of("en") if one.meta["class"] == kind] for kind in ("urgent", "routine")}
    means = {kind: sum(found) / len(found) for kind, found in lengths.items()}
    assert abs(means["urgent"] - means["routine"]) < 15
    assert not any(mark in one.text for one in MESSAGES for mark in "!！")
