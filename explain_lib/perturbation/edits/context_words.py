"""Words of the context: whole words that no protected span comes near."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import regex

from explain_lib.corpora.segmentation import words
from explain_lib.corpora.segmentation.grouping import grouped
from explain_lib.corpora.segmentation.sections import titles

from .family import Subject
from .layout import opens_sentence
from .word_lists.particles import PARTICLES

_WORD = regex.compile(r"(?V1)\p{L}[\p{L}\p{M}]*")
_HAN = regex.compile(r"(?V1)\p{Han}+")
_BEFORE = regex.compile(r"(?V1)(?:^|[\s(\[\p{Pi}\"\p{Han}，。；：、（])$")
_BEHIND = regex.compile(r"(?V1)(?:$|[\s,;:!?)\]\p{Pf}\"\p{Han}，。；：、）])")


def check_limits(most: int, margin: int) -> None:
    """ValueError for edits of fewer than one word, or words nearer than side by side."""
    if most < 1 or margin < 0:
        raise ValueError(f"most is {most}, allowed from 1; margin is {margin}, allowed from 0.")


def word_cuts(subject: Subject) -> set[int]:
    """Offsets at which a word begins, and the end of the text."""
    return {*words(subject.document).bounds[:, 0].tolist(), len(subject.document.text)}


def free_words(subject: Subject, margin: int) -> list[tuple[int, int]]:
    """Words of letters, farther than `margin` units from every protected span, in text order.

    Han words are those of the segmenter, single characters only if they are particles: the segmenter also cuts words
    that it does not know into characters. Others stand alone between blanks or marks, do not open a sentence, and are
    no abbreviation with its full stop. Section titles have none, nor has a text whose units are coarser than words.
    """
    text, free = subject.document.text, subject.free_units(margin)
    headed = titles(text)
    found = []
    for start, end in grouped(subject.query.units, word_cuts(subject)).bounds.tolist():
        inside = (subject.query.units.bounds[:, 0] >= start) & (subject.query.units.bounds[:, 1] <= end)
        is_title = any(first < end and start < last for first, last in headed)
        if np.all(free[inside]) and not is_title and _is_word(text, start, end):
            found.append((start, end))
    return found


def free_ranges(subject: Subject, margin: int) -> Callable[[int, int], bool]:
    """A test of a range of characters, start and end: whether it reaches free units only."""
    bounds, free = subject.query.units.bounds, subject.free_units(margin)

    def is_free(start: int, end: int) -> bool:
        reached = (bounds[:, 0] < end) & (start < bounds[:, 1])
        return bool(np.all(free[reached]))

    return is_free


def _is_word(text: str, start: int, end: int) -> bool:
    if _HAN.fullmatch(text, start, end):
        return end - start > 1 or text[start] in PARTICLES
    alone = _BEFORE.search(text[max(0, start - 1) : start]) and _BEHIND.match(text[end : end + 1])
    return bool(_WORD.fullmatch(text, start, end)) and bool(alone) and not opens_sentence(text, start)
