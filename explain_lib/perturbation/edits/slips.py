"""Where the hand or the eye may slip in a text, by kind of slip, and what is written there instead."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from explain_lib.core import Document

from .typos import TYPOS
from .widths import RUNS, other_width
from .word_lists.han import CONFUSED
from .word_lists.phrases import Phrases

_TYPED = regex.compile(r"(?V1)(?<![\p{L}\p{N}'’/-])\p{Latin}\p{Ll}{4,}(?![\p{L}\p{M}\p{N}'’/-])")
WIDTH, USERS = "width", "confusion"


def places(document: Document) -> Iterator[tuple[str, int, int]]:
    """Kind and range of all: words of five Latin letters or more, Han characters of our tables, runs of one width."""
    for match in _TYPED.finditer(document.text):
        for kind in TYPOS:
            yield kind, *match.span()
    for i, char in enumerate(document.text):
        for kind, known in CONFUSED.items():
            if char in known:
                yield kind, i, i + 1
    if document.lang == "zh":
        for match in RUNS.finditer(document.text):
            yield WIDTH, *match.span()


def users_places(document: Document, confusions: Phrases) -> Iterator[tuple[str, int, int]]:
    """The same for a user's table: wherever one of its keys stands."""
    keys = sorted((key for key, _ in confusions.entries), key=len, reverse=True)
    for match in regex.finditer("|".join(map(regex.escape, keys)) or "(?!)", document.text):
        yield USERS, *match.span()


def written(kind: str, old: str) -> list[str]:
    """What a slip of a kind of ours makes of a range."""
    if kind in TYPOS:
        return [new for new in dict.fromkeys(TYPOS[kind](old)) if new != old]
    return [other_width(old)] if kind == WIDTH else list(CONFUSED[kind][old])
