"""JSON files as documents: one object a line, or one array of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ..core import Document, Problem, Span
from .claims import Claim, assembled, settled
from .source import Source

Record = dict[str, Any]
MALFORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError)


def json_documents(
    source: Source,
    blank_of: Callable[[Record, str], Document],
    items_of: Callable[[Record], list[Any]],
    claim_of: Callable[[Record, Any], Claim],
) -> Iterator[Document | Problem]:
    """One document a record: `blank_of(record, made-up id)` without spans, `claim_of(record, item)` for each span."""
    for number, found in enumerate(records(source), start=1):
        if isinstance(found, Problem):
            yield found
            continue
        line, record = found
        try:
            blank, items = blank_of(record, f"{source.stem}-{number}"), list(items_of(record))
        except MALFORMED as error:
            yield source.problem(line, f"the document is left out: {_why(error)}")
            continue
        yield from assembled(source, line, blank, _spans(source, line, blank.text, record, items, claim_of))


def records(source: Source) -> Iterator[tuple[int, Record] | Problem]:
    """The objects of the file with the lines on which they begin; what is no object becomes a problem."""
    items = _of_array(source) if source.text.lstrip().startswith("[") else _of_lines(source)
    for item in items:
        if isinstance(item, Problem) or isinstance(item[1], dict):
            yield item
        else:
            yield source.problem(
                item[0], f"a JSON {type(item[1]).__name__} stands where an object should; it is left out"
            )


def holds_json_objects(head: str) -> bool:
    """Whether a text begins as an array of objects, or with an object that fills its line, as far as it is seen."""
    first, line_end, _ = head.lstrip().partition("\n")
    in_array = re.match(r"\s*\[\s*\{", head) is not None
    return in_array or (first.startswith("{") and (first.rstrip().endswith("}") or not line_end))


def text_of(record: Record) -> str:
    """The record's text; Document checks that it is one."""
    return record["text"]  # type: ignore[no-any-return]


def _spans(
    source: Source, line: int, text: str, record: Record, items: list[Any], claim_of: Callable[[Record, Any], Claim]
) -> Iterator[Span | Problem]:
    for number, item in enumerate(items, start=1):
        try:
            claim = claim_of(record, item)
        except MALFORMED as error:
            yield source.problem(line, f"span {number} of the document is left out: {_why(error)}")
        else:
            yield from settled(source, line, text, claim)


def _of_lines(source: Source) -> Iterator[tuple[int, Any] | Problem]:
    for number, line in source.lines():
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield source.problem(number, f"the line is no JSON and is left out: {_why(error)}")


def _of_array(source: Source) -> Iterator[tuple[int, Any] | Problem]:
    decoder, text = json.JSONDecoder(), source.text
    position, line, counted = text.index("[") + 1, 1, 0
    while (position := _next_item(text, position)) < len(text) and text[position] != "]":
        line, counted = line + text.count("\n", counted, position), position
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError) as error:
            yield source.problem(line, f"the array is broken here and the rest is left out: {_why(error)}")
            return
        yield line, value
    if position >= len(text):
        yield source.problem(line, "the array is not closed; the file may be cut off")


def _next_item(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position


def _why(error: Exception) -> str:
    """The error in plain words, without any text of the document."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at column {error.colno}"
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    return str(error) if isinstance(error, ValueError | TypeError) else f"{type(error).__name__}: {error}"
