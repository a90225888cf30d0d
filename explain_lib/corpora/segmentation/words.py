"""Words: Unicode word boundaries, and a segmenter with a dictionary where the script writes no blanks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import regex

from explain_lib.core import Document, Units

from .default_units import default_units
from .grouping import grouped

if TYPE_CHECKING:
    from rjieba import Jieba

_HAN_RUN = regex.compile(r"(?V1)(?:\p{Han}[\p{M}\p{Cf}]*){2,}")


def words(document: Document) -> Units:
    """One unit for each word and each remaining mark, whatever the document's language.

    Runs of Han characters are cut by jieba's dictionary (as compiled into rjieba; words that it lacks fall apart into
    known ones and single characters), everything else by Unicode word boundaries (UAX 29): "40mg", "3.5" and "b.i.d"
    are words, "COVID-19" is two and a mark. Thai and other scripts without blanks stay in long runs.
    """
    text, units = document.text, default_units(document)
    inside = {offset for start, end in _chinese_words(text) for offset in range(start + 1, end)}
    return grouped(units, set(units.bounds[:, 0].tolist()) - inside)  # no clause begins between two Han characters


def _chinese_words(text: str) -> Iterator[tuple[int, int]]:
    for run in _HAN_RUN.finditer(text):
        # Guesses at unknown words (hmm) join across the ends of entities: with them 94.0 % of 4005 gold spans of
        # CMeEE-V2 and 89.0 % of 1035 of cMedQANER lie on word boundaries, without them 97.6 % and 92.0 %.
        for _, start, end in _segmenter().tokenize(run.group(), hmm=False):
            yield run.start() + start, run.start() + end


@cache
def _segmenter() -> Jieba:
    """A segmenter of our own, which the words that a user adds to rjieba's shared one do not change (0.2 s).

    rjieba because it is kept up, brings its dictionary and no other package, and runs on any Python; the others at
    hand unpickle their dictionary, fetch a model when first used, or have not been released since 2020.
    """
    from rjieba import Jieba

    return Jieba()
