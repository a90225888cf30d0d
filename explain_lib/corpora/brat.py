"""brat stand-off: a text file and, beside it, an .ann file with its spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..core import Document, Problem, Span
from .claims import Claim, Range, assembled, blanks_alike, holds, settled
from .source import Source

_SPAN_LINE = re.compile(r"(T\S*)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?", re.DOTALL)
_OTHER_LINE = re.compile(r"[REAMN#*]\S*\s.*", re.DOTALL)  # relations, events, attributes, normalisations, notes
_NOTE_ON_SPAN = re.compile(r"#\S*\tAnnotatorNotes (T\S*)\t(.*)", re.DOTALL)
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True)
class Brat:
    """Reads and writes pairs `name.txt`, `name.ann`; relations, events, attributes and notes are skipped.

    With `label_in_notes` the label of a span is the last quoted field of the annotator's note on it (the Mantra corpus
    holds the concept in the type and its group in the note). Where offsets fit only if CR LF counts as one character,
    they are read so and moved to the text as it stands.
    """

    label_in_notes: bool = False

    def recognises(self, path: Path, head: str) -> bool:
        """An .ann file, or a .txt file with an .ann file beside it."""
        return path.suffix == ".ann" or (path.suffix == ".txt" and path.with_suffix(".ann").is_file())

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """The one document of the pair."""
        is_text = source.path.suffix == ".txt"
        if not source.path.with_suffix(".txt").is_file():
            yield source.problem(0, f"there is no {source.path.with_suffix('.txt').name} beside it; it is left out")
            return
        text, notes = (source, source.sibling(".ann")) if is_text else (source.sibling(".txt"), source)
        yield from (notes if is_text else text).undecoded()
        if not text.text:
            yield text.problem(0, "the text is empty; the document is left out")
            return
        yield from assembled(notes, 0, Document(text.text, source.lang, (), source.stem), self._spans(notes, text.text))

    def _spans(self, notes: Source, text: str) -> Iterator[Span | Problem]:
        labels = _labels_in_notes(notes) if self.label_in_notes else {}
        claims: list[tuple[int, Claim]] = []
        for number, line in notes.lines():
            if match := _SPAN_LINE.fullmatch(line):
                parts = tuple((int(a), int(b)) for a, b in (part.split() for part in match[3].split(";")))
                claims.append((number, Claim(parts, labels.get(match[1], match[2]), match[4])))
            elif line.strip() and not _OTHER_LINE.fullmatch(line):
                yield notes.problem(number, "the line is no brat annotation; it is left out")
        for number, claim in _on_the_text_as_it_stands(text, claims):
            yield from settled(notes, number, text, claim)

    suffixes = ()  # a folder

    def fitted(self, document: Document) -> tuple[Document, tuple[str, ...]]:
        """The document without spans whose label brat cannot hold, and why they are missing."""
        kept = tuple(span for span in document.spans if re.fullmatch(r"\S+", span.label))
        bad = (span for span in document.spans if span not in kept)
        complaints = tuple(
            f"the label at {s.start}–{s.end} is empty or holds white space, which brat forbids" for s in bad
        )
        return replace(document, spans=kept), complaints

    def contents(self, documents: Sequence[Document], name: str) -> dict[str, str]:
        """File names and contents; text and spans come back when read, ids as far as a file name holds them."""
        files: dict[str, str] = {}
        taken: set[str] = set()
        for number, document in enumerate(documents, start=1):
            stem = _file_name(document.id or f"document-{number}", taken)
            mark = "\ufeff" if document.text.startswith("\ufeff") else ""  # readers drop the first byte order mark
            lines = [_span_line(i, span, document) for i, span in enumerate(document.spans, start=1)]
            files |= {f"{stem}.txt": mark + document.text, f"{stem}.ann": "".join(lines)}
        return files


def _labels_in_notes(notes: Source) -> dict[str, str]:
    labels = {}
    for _, line in notes.lines():
        match = _NOTE_ON_SPAN.fullmatch(line)
        if match and (quoted := _QUOTED.findall(match[2])):
            labels[match[1]] = quoted[-1]
    return labels


def _on_the_text_as_it_stands(text: str, claims: list[tuple[int, Claim]]) -> list[tuple[int, Claim]]:
    if "\r\n" not in text:
        return claims
    places = [place for place in range(len(text) + 1) if text[place - 1 : place + 1] != "\r\n"]  # a CR LF counts once
    moved = [
        (line, claim._replace(parts=tuple(_moved(part, places) for part in claim.parts))) for line, claim in claims
    ]
    as_given, as_moved = (sum(holds(text, claim) for _, claim in each) for each in (claims, moved))
    return moved if as_moved > as_given else claims


def _moved(part: Range, places: Sequence[int]) -> Range:
    last = len(places) - 1
    return places[min(part[0], last)], places[min(part[1], last)]


def _file_name(wanted: str, taken: set[str]) -> str:
    plain = re.sub(r"[^\w.-]", "_", wanted).strip(".")[:50] or "document"
    name, copy = plain, 1
    while name.lower() in taken:  # some file systems do not tell case apart
        copy += 1
        name = f"{plain}-{copy}"
    taken.add(name.lower())
    return name


def _span_line(number: int, span: Span, document: Document) -> str:
    where = ";".join(f"{start} {end}" for start, end in span.parts)
    return f"T{number}\t{span.label} {where}\t{blanks_alike(span.text_of(document.text))}\n"
