"""Tag sequences as files hold them: BIO (old and new), IO and BIOES, under several spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..core import Span

_SPELLING = re.compile(r"([BIESLUM])(?:[-_](.+))?")
UNTYPED = "entity"  # the type of a bare B or I
_ROLES = {"L": "E", "U": "S", "M": "I"}


class Tag(NamedTuple):
    """Role O, B, I, E or S, and the entity type ("" for O)."""

    role: str
    label: str


def parse_tag(spelling: str) -> Tag | None:
    """The tag of a spelling such as O, B-Disease, B_body, S-PER or B; None when it is no tag."""
    if spelling == "O":
        return Tag("O", "")
    match = _SPELLING.fullmatch(spelling)
    return Tag(_ROLES.get(match[1], match[1]), match[2] or UNTYPED) if match else None


def may_open_inside(sequences: Sequence[Sequence[Tag]]) -> bool:
    """Whether I opens spans by rule (IO and the older BIO): no B of the file stands where an I would do."""
    for tags in sequences:
        for before, tag in zip([Tag("O", ""), *tags], tags, strict=False):
            if tag.role in "ES" or (tag.role == "B" and (before.role == "O" or before.label != tag.label)):
                return False
    return True


def tagged_spans(tags: Sequence[Tag], ranges: Sequence[tuple[int, int]]) -> tuple[list[Span], list[int]]:
    """Spans of a tag sequence over character `ranges`, and the indices of spans that an I or E opened.

    Read leniently: B and S open, an I or E after another type or outside opens too, E and S close.
    """
    spans: list[Span] = []
    opened_inside: list[int] = []
    start = last = -1
    label = ""
    for index, tag in enumerate([*tags, Tag("O", "")]):
        goes_on = tag.role in "IE" and start >= 0 and tag.label == label
        if start >= 0 and not goes_on:
            spans.append(Span(ranges[start][0], ranges[last][1], label))
            start = -1
        if tag.role != "O" and not goes_on:
            start, label = index, tag.label
            if tag.role in "IE":
                opened_inside.append(len(spans))
        last = index
        if start >= 0 and tag.role in "ES":
            spans.append(Span(ranges[start][0], ranges[last][1], label))
            start = -1
    return spans, opened_inside
