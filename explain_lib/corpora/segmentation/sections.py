"""Sections of clinical notes: headings in Chinese, Dutch and English, and blank lines."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from explain_lib.core import Document, Units

from .default_units import default_units
from .grouping import grouped
from .section_headings import CHINESE, LATIN

_NUMBER = r"(?:(?:\p{Nd}{1,2}|[一二三四五六七八九十]{1,3})[.、)）]\s*)?"
_CHINESE, _LATIN = "|".join(CHINESE), "|".join(LATIN)
_RUN_IN = regex.compile(
    rf"(?V1im)(?:^[ \t]*|[.!?。！？；】]\s*|\s(?={_NUMBER}(?:{_CHINESE})))"
    rf"({_NUMBER}(?:{_CHINESE}|{_LATIN})[ \t]*[:：]|【[^】\n]{{1,20}}】)"
)
_WHOLE_LINE = regex.compile(
    rf"""(?xV1)
      \#{{1,6}}\s+\S.*                                                            # Markdown
    | {_NUMBER} (?i: {_CHINESE} | {_LATIN.replace(" ", "[ ]")} ) \s*[:：]?        # a known heading
    | {_NUMBER} (?: [^\s:：.!?。！？]+ [ ] ){{0,4}} [^\s:：.!?。！？]{{2,40}} \s*[:：]   # a few words and a colon
    | (?= (?: \P{{Lu}}*\p{{Lu}} ){{4}} ) \p{{Lu}} [\p{{Lu}}\p{{N}} \ /&()-]{{3,60}}          # capitals only
    | 【[^】]{{1,20}}】
    """
)

_LONGEST = 80  # characters in a heading that stands alone


def sections(document: Document) -> Units:
    """One unit for each section, its heading included.

    A section begins at a heading and after a blank line. Headings: a line of its own that is a known heading, a few
    words and a colon, capitals only, or Markdown; 【…】; and a known heading with a colon at the start of a line or
    after a sentence ("主诉：…", "Conclusie: …", "Past medical history: …").
    """
    return grouped(default_units(document), section_cuts(document.text))


def section_cuts(text: str) -> set[int]:
    """Offsets at which sections begin."""
    found = titles(text)
    cuts, ends = {start for start, _ in found}, {end for _, end in found}
    is_apart, before = False, 0
    for start, line in lines(text):
        if not line.strip():
            is_apart = True
            continue
        if is_apart and before not in ends:  # a heading and its text stay together
            cuts.add(start)
        is_apart, before = False, start + len(line.rstrip())
    return cuts


def titles(text: str) -> list[tuple[int, int]]:
    """Character ranges of all headings, their colon included: those before their text and those on a line alone."""
    return [match.span(1) for match in _RUN_IN.finditer(text)] + headings(text)


def headings(text: str) -> list[tuple[int, int]]:
    """Character ranges of the headings that stand on a line of their own."""
    found = []
    for start, line in lines(text):
        stripped = line.strip()
        if len(stripped) <= _LONGEST and _WHOLE_LINE.fullmatch(stripped):
            begin = start + len(line) - len(line.lstrip())
            found.append((begin, begin + len(stripped)))
    return found


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the offset at which it begins."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line
        start += len(line)
