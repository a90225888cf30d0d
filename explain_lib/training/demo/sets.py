"""The annotated sets that the demo model learns from, each with the types that it annotates."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from explain_lib.core import Document, Span, data_folder
from explain_lib.corpora import TaggedDialogues, read_corpus

ENTITY_TYPES = (
    "Disease", "Chemical", "Symptom", "Body", "Test", "Treatment", "Complaint", "Department", "Physiology", "Feature",
    "Crowd", "Time",
)  # fmt: skip
TAGS = ("O", *(f"{role}-{kind}" for kind in ENTITY_TYPES for role in "BI"))
NOTE_TYPES = ENTITY_TYPES[:6]
HOLD_OUT_SEED = 20261121
"""Chooses the tenth of the CMDD dialogues that nothing is trained on."""

_CMEDQANER_NAMES = {kind.lower(): kind for kind in ENTITY_TYPES} | {"drug": "Chemical"}
_LONGEST_STRETCH = 120  # characters of joined utterances


@dataclass(frozen=True)
class TaggedSet:
    """Documents of one annotation: what is not marked is none of `entity_types`, and nothing is said of other types."""

    name: str
    lang: str
    entity_types: tuple[str, ...]
    train: tuple[Document, ...]
    devel: tuple[Document, ...]


def shared_data() -> Path:
    """The folder of the public sets: `EXPLAIN_LIB_SHARED_DATA`, else ../shared/data beside the checkout."""
    named = os.environ.get("EXPLAIN_LIB_SHARED_DATA")
    folder = Path(named) if named else data_folder().resolve().parents[1] / "shared" / "data"
    if not folder.is_dir():
        raise FileNotFoundError(f"no folder {folder}; set EXPLAIN_LIB_SHARED_DATA to the folder with the public sets.")
    return folder


def tagged_sets(shared: Path) -> list[TaggedSet]:
    """All sets, with train sentences that stand verbatim in any devel split taken out."""
    sets = [ncbi_disease(shared), bc5cdr(shared), cmedqaner(shared), cmdd(shared), dutch()]
    known = {plain(document.text) for one in sets for document in one.devel}
    return [replace(one, train=tuple(d for d in one.train if plain(d.text) not in known)) for one in sets]


def ncbi_disease(shared: Path) -> TaggedSet:
    """English diseases; chemicals are not annotated."""
    folder = shared / "en_ncbi_disease" / "conll"
    return TaggedSet("ncbi_disease", "en", ("Disease",), _read(folder / "train.tsv"), _read(folder / "devel.tsv"))


def bc5cdr(shared: Path) -> TaggedSet:
    """English chemicals and diseases."""
    folder = shared / "en_bc5cdr"
    return TaggedSet("bc5cdr", "en", ("Disease", "Chemical"), _read(folder / "train.tsv"), _read(folder / "devel.tsv"))


def cmedqaner(shared: Path) -> TaggedSet:
    """Chinese medical questions and answers, eleven types."""
    folder = shared / "zh_cmedqaner"
    splits = [
        [_renamed(d, _CMEDQANER_NAMES) for d in read_corpus(folder / f"{split}.json", lang="zh")]
        for split in ("train", "dev")
    ]
    types = tuple(kind for kind in ENTITY_TYPES if kind != "Complaint")
    return TaggedSet("cmedqaner", "zh", types, tuple(splits[0]), tuple(splits[1]))


def cmdd(shared: Path) -> TaggedSet:
    """Chinese doctor-patient dialogues, symptoms only; a tenth of the dialogues is held out."""
    utterances = read_corpus(shared / "zh_cmdd", lang="zh", reader=TaggedDialogues(label="Complaint"))
    by_dialogue = groupby(utterances, key=lambda utterance: utterance.meta["dialogue"])
    dialogues = [_stretches(list(group)) for _, group in by_dialogue]
    order = np.random.default_rng(HOLD_OUT_SEED).permutation(len(dialogues))
    held_out = set(order[: len(dialogues) // 10].tolist())
    train = [d for i, stretches in enumerate(dialogues) if i not in held_out for d in stretches]
    devel = [d for i, stretches in enumerate(dialogues) if i in held_out for d in stretches]
    return TaggedSet("cmdd", "zh", ("Complaint",), tuple(train), tuple(devel))


def dutch() -> TaggedSet:
    """Dutch sentences written for this project; they have no devel split because they support no figure."""
    sentences = read_corpus(data_folder("training", "nl", "sentences.jsonl"), lang="nl")
    return TaggedSet("dutch", "nl", NOTE_TYPES, tuple(sentences), ())


def plain(text: str) -> str:
    """Letters, digits and Han characters only, in lower case: what two passages are compared by."""
    return "".join(c for c in text.lower() if c.isalnum())


def _read(path: Path) -> tuple[Document, ...]:
    return tuple(read_corpus(path, lang="en"))


def _renamed(document: Document, names: dict[str, str]) -> Document:
    return replace(document, spans=tuple(replace(span, label=names[span.label]) for span in document.spans))


def _stretches(utterances: Sequence[Document]) -> list[Document]:
    """Consecutive utterances joined into documents of at most 120 characters where they allow it."""
    stretches: list[list[Document]] = [[]]
    for utterance in utterances:
        if stretches[-1] and sum(len(u.text) + 1 for u in stretches[-1]) + len(utterance.text) > _LONGEST_STRETCH:
            stretches.append([])
        stretches[-1].append(utterance)
    return [_joined(stretch) for stretch in stretches if stretch]


def _joined(utterances: Iterable[Document]) -> Document:
    text, spans, first = "", [], next(iter(utterances))
    for utterance in utterances:
        spans += [Span(s.start + len(text), s.end + len(text), s.label) for s in utterance.spans]
        text += utterance.text if not utterance.text[-1].isalnum() else utterance.text + "。"
    return Document(text, "zh", tuple(spans), first.id, {"dialogue": first.meta["dialogue"]})
