"""The look of a text: what no edit may leave behind, and how words and sentences stand to each other."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from .change import changed_text, new_ranges
from .family import Edit
from .text_edit import TextEdit

PAUSES = "，。；：、！？,;:!?"  # marks of which no two stand side by side; the full stop of "etc.," is one that may
TIES = frozenset("-/–'’+")
_UNTIDY = regex.compile(
    rf"""(?xV1m)
      [^\S\n\r]{{2,}}                               # double blanks
    | (?<=\S)[^\S\n\r]+ (?=[{PAUSES}])              # a blank before a mark
    | [{PAUSES}] [^\S\n\r]* (?=[{PAUSES}.])         # two marks
    | [(\[（【“] [^\S\n\r]* (?=[{PAUSES}.)\]）】”])   # nothing between brackets, or a mark first
    | ^[^\S\n\r]+ | [^\S\n\r]+$                     # a blank at either end of a line
    | ^[{PAUSES}]                                   # a mark first in a line
    | (?<=\n)\r?\n\r?\n                             # two empty lines
    """
)
_BLANKS = " \t\u00a0\u3000"
_ALPHABETIC = regex.compile(r"(?V1)[\p{L}\p{N}--\p{Han}]")
_SENTENCE_END = regex.compile(r"(?V1)(?:^|[.!?。！？:：\n\r])[\s\p{Ps}\p{Pi}\"']*$")


def distinct(edits: Iterable[TextEdit], n: int) -> list[Edit]:
    """The first `n` edits that are tidy, change the text and differ from each other."""
    found: dict[str, Edit] = {}
    for edit in edits:
        text = edit.document.text
        if text != edit.source.text and text not in found and is_tidy(edit):
            found[text] = edit
        if len(found) == n:
            break
    return list(found.values())


def is_tidy(edit: TextEdit) -> bool:
    """Whether an edit leaves no double blank, doubled mark or empty bracket that was not there before."""
    before, after = edit.source.text, changed_text(edit.source.text, edit.changes)
    return len(_UNTIDY.findall(after)) <= len(_UNTIDY.findall(before))


def glues(edit: TextEdit) -> bool:
    """Whether letters or digits of a script with blanks meet at an end of a change, with no blank between."""
    text = edit.document.text
    places = {place for bounds in new_ranges(edit.changes) for place in bounds}
    return any(is_glued(text, place) for place in places)


def is_glued(text: str, place: int) -> bool:
    """Whether a place lies between two letters or digits of a script with blanks."""
    inside = 0 < place < len(text)
    return inside and bool(_ALPHABETIC.match(text[place - 1])) and bool(_ALPHABETIC.match(text[place]))


def is_tied(text: str, place: int) -> bool:
    """Whether a place lies in a word or beside a mark that ties two words, such as a hyphen or slash."""
    return is_glued(text, place) or bool({text[max(0, place - 1) : place], text[place : place + 1]} & TIES)


def opens_sentence(text: str, place: int) -> bool:
    """Whether a word at this place is the first of a sentence, a line or what stands behind a colon."""
    return _SENTENCE_END.search(text[max(0, place - 8) : place]) is not None


def with_blank(text: str, start: int, end: int) -> tuple[int, int]:
    """A word together with the blank before it; with the one behind it where there is none before."""
    if start > 0 and text[start - 1] in _BLANKS:
        return start - 1, end
    if end < len(text) and text[end] in _BLANKS:
        return start, end + 1
    return start, end


def like(word: str, pattern: str, text: str, place: int) -> str:
    """A word with a capital where it takes the place of a capitalised one that opens a sentence.

    Behind a colon short forms such as MRI say nothing about the capital.
    """
    is_short = pattern[1:2].isupper() and text[:place].rstrip().endswith((":", "："))
    capital = pattern[:1].isupper() and not is_short and opens_sentence(text, place)
    return word[:1].upper() + word[1:] if capital else word
