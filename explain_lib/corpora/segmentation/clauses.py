"""Clauses: stretches between commas, semicolons, colons and dashes."""

from __future__ import annotations

import regex

from explain_lib.core import Document, Units

from .default_units import default_units
from .grouping import grouped
from .sentences import CLOSERS, sentence_cuts

_MARK = regex.compile(
    rf"""(?xV1)
    (?: [，；]+ | (?<!\p{{Nd}})： | ：(?!\p{{Nd}})    # but not 8：30
      | [,;:]+ (?= [{CLOSERS}]* (?: \s | \p{{Han}} | $ ) ) | (?<=\p{{Han}}) [,;:]+
      | —{{2,}} | (?<=\s) [-–—] (?=\s)
    ) [{CLOSERS}]*
    """
)


def clauses(document: Document) -> Units:
    """One unit for each clause: it ends with a comma, semicolon, colon or dash, or with its sentence.

    Latin marks count before a blank or beside a Han character, so that "3,5" and "12:30" stay whole. The Chinese list
    comma 、 parts items, not clauses.
    """
    return grouped(default_units(document), clause_cuts(document.text))


def clause_cuts(text: str) -> set[int]:
    """Offsets at which clauses begin: those of sentences among them."""
    return sentence_cuts(text) | {mark.end() for mark in _MARK.finditer(text)}
