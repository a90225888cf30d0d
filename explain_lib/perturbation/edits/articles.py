"""English a and an: which of them stands before a word."""

from __future__ import annotations

import regex

_BEFORE = regex.compile(r"\b(an?)\s+$", regex.IGNORECASE)
_FIRST = regex.compile(r"(?V1)[\p{L}\p{N}]+")
_SPOKEN_AS_VOWEL = frozenset("AEFHILMNORSX8")  # letters and digits whose names begin with a vowel
_NOT_A_VOWEL = ("eu", "one", "uni", "use", "usu", "ure", "uri", "ute", "uro", "ubi")  # "a unit", "a urine culture"
_SILENT_H = ("hour", "honest", "heir")


def article(word: str) -> str:
    """"a" or "an", by the sound of the word: short forms are read letter by letter."""
    match = _FIRST.search(word)
    first = match.group() if match else word
    is_short = len(first) > 1 and (first.isupper() or not first.isalpha()) or len(first) == 1
    if is_short:
        return "an" if first[0].upper() in _SPOKEN_AS_VOWEL else "a"
    lower = first.lower()
    vowel = (lower[0] in "aeiou" and not lower.startswith(_NOT_A_VOWEL)) or lower.startswith(_SILENT_H)
    return "an" if vowel else "a"


def article_before(text: str, place: int) -> tuple[int, int] | None:
    """Where the "a" or "an" directly before a place stands."""
    match = _BEFORE.search(text[max(0, place - 6) : place])
    return None if match is None else (max(0, place - 6) + match.start(1), max(0, place - 6) + match.end(1))


def right_article(text: str, place: int, word: str) -> tuple[int, int, str] | None:
    """The change of the article before `place` that `word` there calls for; None where there is none to change."""
    found = article_before(text, place)
    if found is None:
        return None
    written, wanted = text[found[0] : found[1]], article(word)
    if written.lower() == wanted:
        return None
    return (*found, wanted.capitalize() if written[0].isupper() else wanted)
