"""Slips of the keyboard in a word of Latin letters; its first letter stays, so that it can be recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .word_lists.keyboard import NEIGHBOURS


def swapped(word: str) -> Iterator[str]:
    """Two letters in the wrong order."""
    for i in range(1, len(word) - 1):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def dropped(word: str) -> Iterator[str]:
    """A letter forgotten."""
    for i in range(1, len(word)):
        yield word[:i] + word[i + 1 :]


def doubled(word: str) -> Iterator[str]:
    """A letter typed twice."""
    for i in range(1, len(word)):
        yield word[: i + 1] + word[i:]


def mistyped(word: str) -> Iterator[str]:
    """A neighbour of the key that was meant."""
    for i in range(1, len(word)):
        for other in NEIGHBOURS.get(word[i], ""):
            yield word[:i] + other + word[i + 1 :]


def recased(word: str) -> Iterator[str]:
    """A capital too many, one held too long, capitals locked."""
    yield from (word.capitalize(), word[:2].upper() + word[2:], word.upper())


TYPOS: dict[str, Callable[[str], Iterator[str]]] = {
    "swap": swapped, "drop": dropped, "double": doubled, "neighbour": mistyped, "case": recased,
}  # fmt: skip
