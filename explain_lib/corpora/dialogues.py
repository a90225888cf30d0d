"""Dialogues with one tag letter per character, as in CMDD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core import Document, Problem, Span
from .claims import assembled
from .json_records import holds_json_objects, records
from .source import Source
from .tags import Tag, tagged_spans


@dataclass(frozen=True)
class TaggedDialogues:
    """Reads `{"example-id", "dialogue-content": [{"speaker", "sentence", "label"}]}`; `label` is the type of the spans.

    Each utterance is a document with its dialogue, speaker, and where given the normalised names and states of its
    spans in `meta`. The letters of the file name no type.
    """

    label: str = "Symptom"

    def recognises(self, path: Path, head: str) -> bool:
        """JSON with dialogue-content."""
        return holds_json_objects(head) and '"dialogue-content"' in head

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document an utterance."""
        for number, found in enumerate(records(source), start=1):
            if isinstance(found, Problem):
                yield found
                continue
            line, record = found
            dialogue = str(record.get("example-id", f"{source.stem}-{number}"))
            utterances = record.get("dialogue-content")
            if not isinstance(utterances, list):
                yield source.problem(line, f"dialogue {dialogue} holds no list of utterances; it is left out")
                continue
            for turn, utterance in enumerate(utterances, start=1):
                yield from self._utterance(source, line, dialogue, turn, utterance)

    def _utterance(
        self, source: Source, line: int, dialogue: str, turn: int, utterance: object
    ) -> Iterator[Document | Problem]:
        name = f"{dialogue}-{turn}"
        if not isinstance(utterance, dict):
            yield source.problem(line, f"utterance {name} is a {type(utterance).__name__}; it is left out")
            return
        text, letters = str(utterance.get("sentence", "")), str(utterance.get("label", ""))
        if not text or len(text) != len(letters):
            what = f"has {len(text)} characters and {len(letters)} letters" if text else "is empty"
            yield source.problem(line, f"utterance {name} {what}; it is left out")
            return
        meta = {"dialogue": dialogue, "turn": turn, "speaker": utterance.get("speaker", "")}
        meta |= {key: utterance[key] for key in ("normalized", "type") if utterance.get(key)}
        blank = Document(text, source.lang, (), name, meta)
        yield from assembled(source, line, blank, self._spans(source, line, letters))

    def _spans(self, source: Source, line: int, letters: str) -> Iterator[Span | Problem]:
        ranges = [(position, position + 1) for position in range(len(letters))]
        tags = [Tag(letter, "" if letter == "O" else self.label) for letter in letters]
        spans, opened_inside = tagged_spans(tags, ranges)
        yield from (source.problem(line, f"an I opens the span at {spans[i].start}; it is kept") for i in opened_inside)
        yield from spans
