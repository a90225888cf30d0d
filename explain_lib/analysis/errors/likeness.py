"""How alike two entities are: in their own words, in the words beside them, and in the words that drive the model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from explain_lib.core import Document
from explain_lib.corpora import default_units

REACH = 3  # units on each side
_WINDOW = 64  # characters on each side in which they are looked for
_SIDES = ("before", "behind")
_NAMED_WORDS = 3

Distances = Mapping[tuple[str, str], int]  # (side, word): units away


@dataclass(frozen=True)
class Likeness:
    """How alike two entities are in one respect, from 0 to 1 (NaN: not known), and in what."""

    value: float
    reason: str = ""


def words_alike(one: str, other: str) -> Likeness:
    """Dice of the pairs of characters of two entities, letter case and kind of white space ignored."""
    first, second = (" ".join(text.casefold().split()) for text in (one, other))
    if first == second:
        return Likeness(1.0, f"the same words “{first}”")
    shared = sum((_pairs(first) & _pairs(second)).values())
    return Likeness(2 * shared / (len(first) + len(second) + 2), f"words alike: “{first}”, “{second}”")


def neighbours(document: Document, start: int, end: int, wanted: Iterable[str] = ()) -> Distances:
    """How many units away from `start` to `end` the nearest words stand, letter case ignored.

    With `wanted` words, those alone; a text that has none of them beside the entity is not cut into units.
    """
    text, wanted = document.text, set(wanted)
    left, right = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    if wanted and not any(word in (left + "\n" + right).casefold() for word in wanted):
        return {}
    before = _units(left, is_cut_left=start > _WINDOW)[: -REACH - 1 : -1]
    behind = _units(right, is_cut_right=end + _WINDOW < len(text))[:REACH]
    found: dict[tuple[str, str], int] = {}
    for side, words in zip(_SIDES, (before, behind), strict=True):
        for distance, word in enumerate(words, start=1):
            if not wanted or word in wanted:
                found.setdefault((side, word), distance)
    return found


def rarity(words: Iterable[str], documents: Sequence[Document]) -> dict[str, float]:
    """log(1 + texts / texts that hold the letters of a word): a word of every text says little."""
    texts = [document.text.casefold() for document in documents]
    return {word: math.log1p(len(texts) / max(1, sum(word in text for text in texts))) for word in set(words)}


def neighbours_alike(one: Distances, other: Distances, rare: Mapping[str, float]) -> Likeness:
    """The share of what stands beside the one entity that stands on the same side of the other; near and rare counts.

    Each word weighs its rarity over its distance, over the larger of both where it is shared.
    """
    whole = sum(rare[word] / distance for (_, word), distance in one.items())
    shared = {key: rare[key[1]] / max(one[key], other[key]) for key in one if key in other}
    strongest = sorted(shared, key=lambda key: -shared[key])[:_NAMED_WORDS]
    named = [
        f"{side} it {_quoted(word for where, word in strongest if where == side)}"
        for side in _SIDES
        if any(where == side for where, _ in strongest)
    ]
    return Likeness(sum(shared.values()) / whole if whole else 0.0, ", ".join(named))


def profiles_alike(one: Mapping[str, float] | None, other: Mapping[str, float] | None) -> Likeness:
    """Cosine of the scores of words, 0 where it is negative; NaN where one of both was not explained."""
    if one is None or other is None:
        return Likeness(math.nan)
    products = {word: one[word] * other[word] for word in one if word in other}
    size = math.hypot(*one.values()) * math.hypot(*other.values())
    driving = sorted((word for word in products if products[word] > 0), key=lambda word: -products[word])
    cosine = sum(products.values()) / size if size else 0.0
    return Likeness(max(0.0, cosine), f"driven by {_quoted(driving[:_NAMED_WORDS])}")


def _pairs(text: str) -> Counter[str]:
    padded = f"\n{text}\n"  # no text holds a line feed here, so the ends are pairs of their own
    return Counter(padded[i : i + 2] for i in range(len(padded) - 1))


def _units(piece: str, is_cut_left: bool = False, is_cut_right: bool = False) -> list[str]:
    """The units of a stretch of text; the ones that the stretch may have cut are left out."""
    words = [word.casefold() for word in default_units(Document(piece)).texts] if piece else []
    return words[bool(is_cut_left) : len(words) - bool(is_cut_right)]


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
