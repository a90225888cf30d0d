"""Sentences of clinical Chinese, Dutch and English: full stops that end one, and those that do not."""

from __future__ import annotations

import regex

from explain_lib.core import Document, Units

from .abbreviations import ALWAYS_FOLLOWED, SOMETIMES_LAST, TYPED_BY_A_LETTER
from .default_units import default_units
from .grouping import grouped
from .sections import headings, lines, section_cuts

CLOSERS = r"\p{Pe}\p{Pf}\"'"
_MARKS = regex.compile(rf"(?V1)[.!?…。！？｡．]+[{CLOSERS}]*")
_NEXT = regex.compile(r"(?V1)(\s*)(?:(['’][snt])\s|[\p{Ps}\p{Pi}\"']*(.)?)", regex.DOTALL)  # "'s nachts" may open one
_LAST_WORD = regex.compile(r"(?rV1)(?:(\p{L}+)[ \t]+)?([\p{L}\p{N}]+(?:\.[\p{L}\p{N}]+)*)$")  # from the end: quicker
_APART = regex.compile(r"\p{Nd}\s\.\s+\p{Nd}")  # "3 . 5", as tokenised corpora write decimals
_HAN = regex.compile(r"\p{Han}")
_REACH = 60  # characters before a full stop in which its word is looked for


def sentences(document: Document) -> Units:
    """One unit for each sentence.

    A Chinese mark (。！？) always ends one. A full stop, question or exclamation mark does before a blank, or beside a
    Han character, unless the next word begins in lower case. Decimals ("3.5 mg"), initials ("J. Jansen"), list numbers
    ("2. Diabetes") and abbreviations that point ahead ("Dr.", "o.a.", "ca.") end none; others ("b.i.d.", "etc.") do
    before a capital or a Han character. A line break ends a sentence unless the next line goes on in lower case.
    """
    return grouped(default_units(document), sentence_cuts(document.text))


def sentence_cuts(text: str) -> set[int]:
    """Offsets at which sentences begin: those of sections among them."""
    marks = {mark.end() for mark in _MARKS.finditer(text) if _is_end(text, mark.start(), mark.end())}
    return section_cuts(text) | marks | _line_cuts(text)


def _line_cuts(text: str) -> set[int]:
    """Line beginnings, but for a sentence that goes on in lower case; nothing goes on from a heading."""
    after_heading = {end for _, end in headings(text)}
    cuts, before = set(), 0
    for start, line in lines(text):
        stripped = line.strip()
        if stripped:
            if not stripped[0].islower() or before in after_heading:
                cuts.add(start)
            before = start + len(line.rstrip())
    return cuts


def _is_end(text: str, start: int, end: int) -> bool:
    """Whether the marks at start..end (closing quotes and brackets included) end a sentence."""
    marks = text[start:end]
    if any(mark in "。！？｡" for mark in marks):
        return True
    found = _NEXT.match(text, end)
    blank, following = (found[1], found[2] or found[3] or "") if found else ("", "")
    is_beside_han = bool(_HAN.match(following) or _HAN.match(text[start - 1 : start]))
    if not blank and (not is_beside_han or (marks[0] == "．" and following.isdigit())):
        return not following
    if following[:1].islower() or _APART.match(text, max(0, start - 2)):
        return False
    is_single_stop = marks[0] == "." and marks[1:2] not in (".", "!", "?", "…")
    return not (is_single_stop and _goes_on(text[max(0, start - _REACH) : start], following))


def _goes_on(before: str, following: str) -> bool:
    """Whether a single full stop after `before` belongs to its word only."""
    found = _LAST_WORD.search(before)
    if found is None:
        return False
    previous, word = (found[1] or "").lower(), found[2]
    lower = word.lower()
    if lower in ALWAYS_FOLLOWED:
        return True
    if lower in SOMETIMES_LAST or ("." in word and not word[-1].isdigit()):
        return following.isdigit()
    ahead = before[: found.start(2)]
    if len(word) == 1 and word.isupper() and (not ahead[-1:].strip() or ahead[-1] in ".("):  # but not "37 °C."
        return previous not in TYPED_BY_A_LETTER
    ahead = ahead.rstrip(" \t")
    is_listed = ahead[-1:] in ("", "\n", "\r", ".", "!", "?", "。", ":", ";", "；", "：")
    if ahead.endswith(".") and _goes_on(ahead[:-1], word):  # "no. 4." is no item of a list
        is_listed = False
    return is_listed and word.isdigit() and len(word) <= 2
