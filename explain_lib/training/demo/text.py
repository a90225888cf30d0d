"""Unlabelled text for masked-LM training, with every passage of a devel text taken out."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .sets import TaggedSet, plain

SHINGLE = 12  # characters


@dataclass(frozen=True)
class PlainText:
    """Passages by language, and how many were left out because they stand in a devel text."""

    passages: dict[str, list[str]]
    left_out: int


def pretraining_text(shared: Path, sets: Sequence[TaggedSet]) -> PlainText:
    """Chinese medical text, and the train texts of the annotated sets in all languages.

    Left out: Chinese passages that share 12 characters with a Chinese devel text, and half of the machine-written ones.
    """
    known = {shingle for one in sets if one.lang == "zh" for d in one.devel for shingle in _shingles(d.text)}
    collected = [*_collected(shared), *(d.text for one in sets if one.lang == "zh" for d in one.train)]
    chinese = [passage for passage in collected if known.isdisjoint(_shingles(passage))]
    passages = {lang: [d.text for one in sets if one.lang == lang for d in one.train] for lang in ("en", "nl")}
    return PlainText({"zh": chinese, **passages}, len(collected) - len(chinese))


def _collected(shared: Path) -> Iterable[str]:
    for file in sorted((shared / "zh_medical_text").glob("*.txt.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            step = 2 if file.name.startswith("huatuo") else 1  # machine-written text counts half
            yield from (line.strip() for i, line in enumerate(lines) if i % step == 0 and line.strip())
    with open(shared / "zh_cmedtc" / "train.txt", encoding="utf-8") as lines:
        yield from (line.partition("\t")[2].strip() for line in lines if line.partition("\t")[2].strip())


def _shingles(text: str) -> set[str]:
    letters = plain(text)
    return {letters[i : i + SHINGLE] for i in range(len(letters) - SHINGLE + 1)}
