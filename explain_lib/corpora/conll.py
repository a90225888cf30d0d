"""Column files with one token and its tag a line: CoNLL, IOB, IOB2, IOBES and their relatives."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import regex

from ..core import Document, Problem
from .conll_blocks import block, flattened
from .source import Source
from .tags import UNTYPED, Tag, may_open_inside, parse_tag, tagged_spans

_DOC_START = "-DOCSTART-"
_SURELY_COLUMNS = 10  # lines; no note has so many that all end in O, B or I
_COMMENT = re.compile(r"#\s+(\w[\w ]*?)\s*=\s?(.*)", re.DOTALL)
_HAN, _LETTER = regex.compile(r"\p{Han}"), regex.compile(r"\p{L}")
_WRITTEN_WITHOUT_BLANKS = ("zh", "ja", "th")


@dataclass(frozen=True)
class Columns:
    """How a file lays out its lines: separator, number of columns, and which hold token and tag."""

    separator: str
    n: int
    token: int
    tag: int

    @classmethod
    def of(cls, text: str) -> Columns | None:
        """The layout of a column file, or None for any other text; lone bad lines do not hinder."""
        lines = [line.removesuffix("\r") for line in text.split("\n")][:2000]
        rows = [line for line in lines if line.strip() and not line.startswith((_DOC_START, "# "))]
        separator = "\t" if sum("\t" in row for row in rows) * 2 > len(rows) else " "
        widths = Counter(row.count(separator) + 1 for row in rows)
        n = widths.most_common(1)[0][0] if widths else 0
        if n < 2:
            return None
        cells = [row.rsplit(separator, n - 1) for row in rows]
        cells = [row for row in cells if len(row) == n]
        are_tags = [c for c in range(1, n) if sum(parse_tag(row[c]) is not None for row in cells) >= 0.95 * len(rows)]
        if not are_tags:
            return None
        is_numbered = n > 2 and all(row[0].isdigit() for row in cells)
        return cls(separator, n, int(is_numbered), are_tags[-1])

    def row(self, line: str) -> tuple[str, Tag] | None:
        """Token and tag of a line, or None if it is not laid out like this."""
        cells = line.rsplit(self.separator, self.n - 1)  # from the right: the token itself may be a blank
        tag = parse_tag(cells[self.tag]) if len(cells) == self.n else None
        return (cells[self.token], tag) if tag and cells[self.token] else None


@dataclass
class _Sentence:
    tokens: list[str] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    bad_lines: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Conll:
    """Reads tags in the last column that holds them (tab or blank between columns); writes two columns in BIO.

    Every sentence is a document. Its text is that of a `# text =` comment where the tokens fit it; else tokens are
    joined by one blank, or by nothing if the language is zh, ja or th, or unknown and the file's letters are mostly
    Han. Writing keeps the text in such a comment; nested, crossing and discontinuous spans cannot be written.
    """

    def recognises(self, path: Path, head: str) -> bool:
        """Lines of equally many columns, one of which holds tags.

        Where the file's name does not say so, more than a few bare letters must: "Hepatitis B" is a note.
        """
        text = head[: head.rfind("\n") + 1] or head
        columns = Columns.of(text)
        if columns is None or path.suffix in self.suffixes or _DOC_START in text:
            return columns is not None
        tags = [row[1] for line in text.split("\n") if (row := columns.row(line.removesuffix("\r")))]
        return len(tags) >= _SURELY_COLUMNS or any(tag.label not in ("", UNTYPED) for tag in tags)

    def read(self, source: Source) -> Iterator[Document | Problem]:
        """One document a sentence; `# sent_id` names it, else it is numbered."""
        columns = Columns.of(source.text)
        if columns is None:
            yield source.problem(0, "no column holds tags such as O and B-Disease; the file is left out")
            return
        sentences = list(_sentences(source, columns))
        inside_opens = may_open_inside([sentence.tags for sentence in sentences])
        joiner = _joiner(source.lang, sentences)
        for number, sentence in enumerate(sentences, start=1):
            yield from _document(source, sentence, f"{source.stem}-{number}", joiner, inside_opens)

    suffixes = (".conll", ".tsv", ".bio", ".iob", ".iob2")

    def fitted(self, document: Document) -> tuple[Document, tuple[str, ...]]:
        """The document with those spans that two columns can say, and why the others cannot; longer spans win."""
        return flattened(document)

    def contents(self, documents: Sequence[Document], name: str) -> dict[str, str]:
        """One block a document: comments with id and text, then token, tab and BIO tag."""
        return {name: "\n".join(block(document) for document in documents)}


def _sentences(source: Source, columns: Columns) -> Iterator[_Sentence]:
    sentence, part, parts = _Sentence(), "", 0
    for number, line in [*source.lines(), (0, "")]:
        if line.startswith(_DOC_START):
            parts += 1
            part = f"{source.stem}:{parts}"
        elif comment := _COMMENT.fullmatch(line):
            sentence.comments[comment[1]] = comment[2]
            part = comment[2] if comment[1] == "newdoc id" else part
        elif (row := columns.row(line)) is not None:
            sentence.tokens.append(row[0])
            sentence.tags.append(row[1])
            sentence.lines.append(number)
        elif line.strip() and not line.startswith("#"):
            sentence.bad_lines.append(number)
        elif not line.strip():
            if sentence.tokens or sentence.bad_lines or sentence.comments:
                sentence.comments.setdefault("document", part)
                yield sentence
            sentence = _Sentence()


def _document(
    source: Source, sentence: _Sentence, made_up_id: str, joiner: str, inside_opens: bool
) -> Iterator[Document | Problem]:
    name = sentence.comments.get("sent_id", made_up_id)
    if sentence.bad_lines:
        yield source.problem(sentence.bad_lines[0], f"the line has no token and tag; sentence {name} is left out")
        return
    text, ranges = _text_and_ranges(sentence, joiner)
    if not text:
        return
    spans, opened_inside = tagged_spans(sentence.tags, ranges)
    if not inside_opens:
        starts = {start: line for (start, _), line in zip(ranges, sentence.lines, strict=True)}
        for index in opened_inside:
            line = starts[spans[index].start]
            yield source.problem(line, f"the tag opens a span of {name} without a B; the span is kept")
    part = sentence.comments.get("document")
    yield Document(text, source.lang, tuple(spans), name, {"document": part} if part else {})


def _text_and_ranges(sentence: _Sentence, joiner: str) -> tuple[str, list[tuple[int, int]]]:
    text = _text_in_comments(sentence.comments)
    ranges = _found_in_order(text, sentence.tokens) if text else None
    if ranges is not None:
        return text, ranges
    ranges, position = [], 0
    for token in sentence.tokens:
        ranges.append((position, position + len(token)))
        position += len(token) + len(joiner)
    return joiner.join(sentence.tokens), ranges


def _text_in_comments(comments: Mapping[str, str]) -> str:
    if "text_json" not in comments:
        return comments.get("text", "")
    try:
        text = json.loads(comments["text_json"])
    except (ValueError, RecursionError):
        return ""
    return text if isinstance(text, str) else ""


def _found_in_order(text: str, tokens: Sequence[str]) -> list[tuple[int, int]] | None:
    """Where the tokens stand in the text, or None if anything but white space would be left over."""
    ranges, position = [], 0
    for token in tokens:
        start = text.find(token, position)
        if start < 0 or text[position:start].strip():
            return None
        position = start + len(token)
        ranges.append((start, position))
    return None if text[position:].strip() else ranges


def _joiner(lang: str, sentences: Sequence[_Sentence]) -> str:
    if lang:
        return "" if lang.lower().startswith(_WRITTEN_WITHOUT_BLANKS) else " "
    letters = han = 0
    for sentence in sentences:
        joined = "".join(sentence.tokens)
        letters, han = letters + len(_LETTER.findall(joined)), han + len(_HAN.findall(joined))
    return "" if 2 * han > letters else " "
