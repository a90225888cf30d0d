"""Full and half width: the two forms of letters, figures and marks that Chinese texts mix."""

from __future__ import annotations

import regex

WIDE = 0xFEE0  # from U+0021–U+007E to U+FF01–U+FF5E
_RUN = r"[0-9A-Za-z]+(?:[.%/+~-][0-9A-Za-z]+)*%?|[０-９Ａ-Ｚａ-ｚ]+(?:[．％／＋～－][０-９Ａ-Ｚａ-ｚ]+)*％?"
_MARK = r"(?<![0-9A-Za-z０-９])[，；：（）！？]|(?<=\p{Han})[,;:()!?](?![0-9A-Za-z])"
RUNS = regex.compile(rf"(?V1){_RUN}|{_MARK}")
"""Whole runs, so that no figure is half of each, and marks of Chinese text, but for those of numbers and times."""


def other_width(run: str) -> str:
    """The run in the other width."""
    shift = -WIDE if ord(run[0]) > WIDE else WIDE
    return "".join(chr(ord(char) + shift) for char in run)
