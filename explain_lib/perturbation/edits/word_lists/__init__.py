"""Small word lists written for this project, by language; users give their own where these do not suit."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a text, split at white space."""
    return tuple(text.split())
