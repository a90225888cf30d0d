"""PubTator: title, abstract and tab-separated annotations of PubMed records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core import Document, Problem, Span
from .claims import Claim, assembled, settled
from .source import Source

_PASSAGE = re.compile(r"([^|\t]+)\|([ta])\|(.*)", re.DOTALL)
_SPAN = re.compile(r"([^\t]+)\t(\d+)\t(\d+)\t([^\t]*)\t([^\t]*)(?:\t.*)?", re.DOTALL)
_RELATION = re.compile(r"[^\t]+\t[^\t\d][^\t]*\t.*", re.DOTALL)

_Lines = list[tuple[int, str]]


@dataclass(frozen=True)
class PubTator:
    """Reads records `PMID|t|title`, `PMID|a|abstract`, `PMID TAB start TAB end TAB mention TAB type …`.

    The text is title and abstract with one blank between them, as the offsets count it. Relations are skipped. A
    record that repeats an earlier PMID is reported and left out.
    """

    def recognises(self, path: Path, head: str) -> bool:
        """A first line with a title."""
        match = _PASSAGE.match(head.lstrip())
        return match is not None and match[2] == "t"

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a record."""
        seen: dict[str, int] = {}
        for record in _records(source):
            line, first = record[0]
            match = _PASSAGE.fullmatch(first)
            if match is None:
                yield source.problem(line, "the record does not begin with PMID|t|title; it is left out")
            elif match[1] in seen:
                yield source.problem(
                    line, f"PMID {match[1]} stands already in line {seen[match[1]]}; it is left out here"
                )
            else:
                seen[match[1]] = line
                yield from _document(source, match[1], record)


def _records(source: Source) -> Iterator[_Lines]:
    record: _Lines = []
    for number, line in source.lines():
        is_title = (match := _PASSAGE.fullmatch(line)) is not None and match[2] == "t"
        if record and (is_title or not line.strip()):
            yield record
            record = []
        if line.strip():
            record.append((number, line))
    if record:
        yield record


def _document(source: Source, name: str, record: _Lines) -> Iterator[Document | Problem]:
    passages = [match[3] for _, line in record if (match := _PASSAGE.fullmatch(line))]
    text = " ".join(passages)
    if not text.strip():
        yield source.problem(record[0][0], f"the text of PMID {name} is empty; it is left out")
        return
    yield from assembled(
        source, record[0][0], Document(text, source.lang, (), name), _spans(source, name, text, record)
    )


def _spans(source: Source, name: str, text: str, record: _Lines) -> Iterator[Span | Problem]:
    for number, line in record:
        match = _SPAN.fullmatch(line)
        if match and match[1] == name:
            yield from settled(source, number, text, Claim(((int(match[2]), int(match[3])),), match[5], match[4]))
        elif not _PASSAGE.fullmatch(line) and (match or not _RELATION.fullmatch(line)):
            yield source.problem(number, f"the line is no annotation of PMID {name}; it is left out")
