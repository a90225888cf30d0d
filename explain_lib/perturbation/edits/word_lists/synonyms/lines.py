"""A word a line, with its alternatives."""

from __future__ import annotations


def alternatives(text: str) -> dict[str, tuple[str, ...]]:
    """Each line is a word, a colon and its alternatives between slashes."""
    lines = (line.partition(":") for line in text.strip().splitlines())
    return {word.strip(): tuple(part.strip() for part in others.split("/")) for word, _, others in lines}
