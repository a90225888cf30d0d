"""What a planted language consists of: the words that decide, and all other words of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PartName = Literal["train", "test"]
TYPES = ("Test", "Chemical")
NO_TYPE = ""
LONGER, SHORTER = "longer", "shorter"

Stems = Mapping[str, tuple[str, ...]]
"""Stems by what they decide; stems of the same place stand for each other in counterfactual swaps."""


@dataclass(frozen=True)
class Part:
    """The words of the training or the test part; the parts share none of them.

    `triggers`, `left` and `right` are frames with a place {} for a stem, so that a word of the test part is new but its
    stem is not. A frame on the left brings the space behind it, one on the right the space before it. `templates` have
    places for agent, time, neg, trigger and for left, block and right, which stand together. `heads` are substances,
    `left_gaps` and `right_gaps` fillers between a marker and the mention, `asides` whole sentences without a
    substance, `titles` section titles.
    """

    triggers: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]
    templates: tuple[str, ...]
    heads: tuple[str, ...]
    agents: tuple[str, ...]
    times: tuple[str, ...]
    negations: tuple[str, ...]
    left_gaps: tuple[str, ...]
    right_gaps: tuple[str, ...]
    asides: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """The rule of one language.

    A mention is modifier + head + suffix. `types` decides what it is ("" = no entity: people only talk about it),
    `left` whether the modifier belongs to it, `right` whether the suffix does. These stems, `modifiers`, `suffixes` and
    the spurious `signs` (by the type that they seem to tell) are the same in both parts. `space` stands between words.
    """

    lang: str
    space: str
    types: Stems
    left: Stems
    right: Stems
    modifiers: tuple[str, ...]
    suffixes: tuple[str, ...]
    signs: Mapping[str, str]
    train: Part
    test: Part

    def part(self, name: PartName) -> Part:
        """The part of this name; ValueError for another."""
        if name not in ("train", "test"):
            raise ValueError(f"part is {name!r}; allowed are 'train' and 'test'.")
        return self.train if name == "train" else self.test
