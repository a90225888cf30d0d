"""One sentence about a substance: every choice in it, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Literal

from explain_lib.core import Span

from .grammar import LONGER, NO_TYPE, SHORTER, Grammar

Range = tuple[int, int]
Decides = Literal["type", "left", "right"]
DECIDES: tuple[Decides, ...] = ("type", "left", "right")


@dataclass(frozen=True)
class End:
    """One end of a mention: whether its modifier (or suffix) belongs to it, and the marker that says so.

    `frame` is the marker's phrase with a place for the stem, "" where nothing decides; `gap` are filler words between
    the phrase and the mention.
    """

    is_longer: bool
    frame: str
    stem: int
    gap: str


@dataclass(frozen=True)
class Clause:
    """A sentence in choices: a template and what fills its places. `label` is "" where there is no entity."""

    template: str
    fills: Mapping[str, str]
    mention: tuple[str, str, str]
    label: str
    trigger: str
    stem: int
    left: End
    right: End

    def swapped(self, decides: Decides, label: str = NO_TYPE) -> Clause:
        """The same sentence with the other marker at one end, or with the trigger of another type."""
        if decides == "type":
            return replace(self, label=label)
        end: End = getattr(self, decides)
        other = replace(end, is_longer=not end.is_longer)
        return replace(self, left=other) if decides == "left" else replace(self, right=other)


@dataclass(frozen=True)
class Written:
    """A sentence as it reads; character ranges count from `start`, where it stands in the text.

    `edges` are the starts and ends of modifier, head and suffix; `deciding` the word (in Chinese the character) that
    decides, where there is one.
    """

    text: str
    label: str
    is_longer: tuple[bool, bool]
    edges: tuple[Range, Range, Range]
    deciding: Mapping[Decides, Range]

    def span(self, is_longer: tuple[bool, bool] | None = None) -> Span:
        """The entity by the rule, or with ends of one's own; only where the sentence has a label."""
        left, right = self.is_longer if is_longer is None else is_longer
        start, end = self.edges[0 if left else 1][0], self.edges[2 if right else 1][1]
        return Span(start, end, self.label)


def write(grammar: Grammar, clause: Clause, start: int) -> Written:
    """The sentence as it reads from character `start` on; the first letter is a capital."""
    page = _Page(start)
    for literal, place, _, _ in Formatter().parse(clause.template):
        page.put(literal)
        match place:
            case "trigger":
                page.put_framed("type", clause.trigger, grammar.types[clause.label][clause.stem], grammar.space)
            case "left":
                page.put_framed("left", clause.left.frame, _stem(grammar.left, clause.left), grammar.space)
                page.put(f"{clause.left.gap}{grammar.space}" if clause.left.gap else "")
            case "block":
                page.put_mention(clause.mention, grammar.space)
            case "right":
                page.put(f"{grammar.space}{clause.right.gap}" if clause.right.gap else "")
                page.put_framed("right", clause.right.frame, _stem(grammar.right, clause.right), grammar.space)
            case str():
                page.put(clause.fills[place])
    first, second, third = page.edges
    text = page.text[0].upper() + page.text[1:]
    is_longer = clause.left.is_longer, clause.right.is_longer
    return Written(text, clause.label, is_longer, (first, second, third), page.deciding)


def _stem(stems: Mapping[str, tuple[str, ...]], end: End) -> str:
    return stems[LONGER if end.is_longer else SHORTER][end.stem]


class _Page:
    """A text that grows, and where things came to stand in it."""

    def __init__(self, start: int) -> None:
        self.text, self.start = "", start
        self.edges: list[Range] = []
        self.deciding: dict[Decides, Range] = {}

    def put(self, text: str) -> Range:
        began = self.start + len(self.text)
        self.text += text
        return began, began + len(text)

    def put_mention(self, parts: tuple[str, str, str], space: str) -> None:
        for i, part in enumerate(parts):
            self.put(space if i else "")
            self.edges.append(self.put(part))

    def put_framed(self, decides: Decides, frame: str, stem: str, space: str) -> None:
        """A frame with its stem; between blanks the whole word decides, without blanks the stem alone."""
        if not frame:
            return
        before, after = frame.split("{}")
        head = len(before.rpartition(" ")[2].lstrip("(")) if space else 0
        tail = len(after.partition(" ")[0].rstrip(")")) if space else 0
        self.put(before[: len(before) - head])
        self.deciding[decides] = self.put(before[len(before) - head :] + stem + after[:tail])
        self.put(after[tail:])
