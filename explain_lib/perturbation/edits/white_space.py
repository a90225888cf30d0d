"""White space and section titles: changes of the layout that leave the words of the text alone."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from explain_lib.core import Document
from explain_lib.corpora.segmentation.sections import titles
from explain_lib.corpora.segmentation.sentences import sentence_cuts

from .change import Change

_LINE_END = regex.compile(r"(?<=[^\s:：])\r?\n(?=\S)")
_SEAM = regex.compile(
    r"(?V1)(?<=[\p{Han}--第])([ ]?)(?=[\p{Latin}\p{Nd}])|(?<=[\p{Latin}\p{Nd}])([ ]?)(?=\p{Han})"
)  # between Han and Latin letters


def after_blanks(text: str, place: int) -> int:
    """The first character from a place on that is no blank."""
    return len(text) - len(text[place:].lstrip(" \t\u3000\u00a0"))


def line_breaks(text: str) -> Iterator[tuple[Change, ...]]:
    """A line break between two sentences, none or one blank line there instead of it."""
    mark = "\r\n" if "\r\n" in text else "\n"
    starts = {start for start, _ in titles(text)}
    for cut in sorted(sentence_cuts(text)):
        seam, next_word = len(text[:cut].rstrip(" ")), after_blanks(text, cut)
        inside = seam > 0 and next_word < len(text) and next_word not in starts
        if inside and not {"\r", "\n"} & {text[seam - 1], text[next_word]}:
            yield (Change(seam, next_word, mark),)
    for match in _LINE_END.finditer(text):
        if match.end() in starts:
            yield (Change(match.end(), match.end(), mark),)
        else:
            yield (Change(*match.span(), "" if regex.match(r"\p{Han}", text[match.end() :]) else " "),)


def untitled(text: str) -> Iterator[tuple[Change, ...]]:
    """A section title taken out, with its line where it stands alone."""
    for start, end in sorted(titles(text)):
        behind = regex.compile(r"[ \t]*(?:\r?\n)?").match(text, end)
        last = behind.end() if behind else end
        if text[last:].strip() and (start == 0 or text[start - 1] in "\n "):
            yield (Change(start, last, ""),)


def han_seams(text: str) -> Iterator[tuple[Change, ...]]:
    """A blank between Han and Latin letters or figures put in or taken out."""
    for match in _SEAM.finditer(text):
        yield (Change(*match.span(), "" if match.end() > match.start() else " "),)


def layouts(document: Document) -> Iterator[tuple[str, tuple[Change, ...]]]:
    """All of them, with the kind of each."""
    for kind, found in (
        ("line break", line_breaks(document.text)),
        ("title", untitled(document.text)),
        ("blank", han_seams(document.text)),
    ):
        for changes in found:
            yield kind, changes
