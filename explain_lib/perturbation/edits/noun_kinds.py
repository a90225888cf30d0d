"""Which kind of noun may stand where a name of an entity stands: its number, gender and article."""

from __future__ import annotations

import regex

from .word_lists import words
from .word_lists.determiners import (
    BARE_ADJECTIVES, DUTCH_DE, DUTCH_HET, INFLECTED_ADJECTIVES, MANY,
)  # fmt: skip

_LAST_WORD = regex.compile(r"(?V1)([\p{L}'’-]+)[ \t]+$")
_PLURAL = {
    "en": regex.compile(r"(?V1)(?<![sui])s$|(?:fossae|flexurae|bacteria|crustae|ae)$"),
    "nl": regex.compile(r"(?V1)(?:(?<!be)en|['’]s|(?<!verl)ies|iën|eën|jes|ae|ica|ulcera)$|(?<=er|el|or|eur)s$"),
}
_SINGULAR = frozenset(
    words(
        "diabetes herpes rabies scabies rickets mumps measles ascites caries pancreas biceps pons stoppen braken "
        "hoesten bewegen rabiës oorsuizen fibrilleren boezemfibrilleren"
    )
)


def is_plural(name: str, lang: str) -> bool:
    """Whether a name looks like a plural, by the ending of its head; a short form in capitals does not."""
    head = regex.split(r"\s(?:of|van|in|bij|with|met)\s", name)[0].split()[-1]
    known = _PLURAL.get(lang)
    return known is not None and not head.isupper() and head.lower() not in _SINGULAR and bool(known.search(head))


def fitting_kinds(text: str, start: int, end: int, lang: str) -> frozenset[str]:
    """The kinds of noun that can stand at start–end, from the noun there and the word before it."""
    if lang not in _PLURAL:
        return frozenset({""})
    before = _LAST_WORD.search(text[max(0, start - 24) : start])
    word = before.group(1).lower() if before else ""
    if is_plural(text[start:end], lang):
        return frozenset({"many"})
    if word in MANY and not (lang == "nl" and word == "deze"):
        return frozenset({"many"})
    return _english(word) if lang == "en" else _dutch(word)


def _english(word: str) -> frozenset[str]:
    return frozenset({"one"}) if word in {"a", "an", "another", "each", "every"} else frozenset({"one", "mass"})


def _dutch(word: str) -> frozenset[str]:
    if word in DUTCH_HET or word in BARE_ADJECTIVES:
        return frozenset({"het"})
    if word in DUTCH_DE or word in INFLECTED_ADJECTIVES:
        return frozenset({"de"})
    return frozenset({"de", "het"})
