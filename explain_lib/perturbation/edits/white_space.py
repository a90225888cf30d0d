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


def line_breaks(text: str) -> Iterator[tuple[Change, ...]]:
    """A line break between two sentences, none or one blank line there instead of it."""
    mark = "\r\n" if "\r\n" in text else "\n"
    starts = {start for start, _ in titles(text)}
    for cut in sorted(sentence_cuts(text)):
        seam = len(text[:cut].rstrip(" "))
        if seam > 0 and cut < len(text) and "\n" not in text[seam - 1 : cut] and cut not in starts:
            yield (Change(seam, cut, mark),)
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
