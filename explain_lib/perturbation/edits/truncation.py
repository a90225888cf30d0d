"""Truncation: the text begins later or ends earlier, at a mark outside every entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explain_lib.corpora.segmentation.clauses import clause_cuts

from .change import Change
from .family import Edit, Subject
from .layout import distinct
from .text_edit import TextEdit
from .white_space import after_blanks

DASHES = frozenset("-–—")  # clauses end there too, but a text does not


@dataclass(frozen=True)
class Truncation:
    """Cut the text off at the end of a clause, before the first or behind the last protected span.

    At most `share` of the units go. A cut can take away much that tells what an entity is, so this is not drawn by
    default.
    """

    share: float = 0.5
    margin: int = 1

    name: ClassVar[str] = "truncation"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"share is {self.share}; it must be above 0 and below 1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        text, free = subject.document.text, subject.free_units(self.margin)
        bounds = subject.query.units.bounds
        cuts = sorted(cut for cut in clause_cuts(text) - {0, len(text)} if text[:cut].rstrip()[-1:] not in DASHES)
        found = []
        before = [(0, after_blanks(text, cut)) for cut in cuts]
        behind = [(len(text[:cut].rstrip()), len(text)) for cut in cuts]
        for start, end in (*before, *behind):
            gone = (bounds[:, 0] < end) & (start < bounds[:, 1])
            if 0 < gone.sum() <= self.share * len(bounds) and np.all(free[gone]):
                side = "start" if start == 0 else "end"
                found.append(TextEdit(self, subject.document, (Change(start, end, ""),), {"place": side}))
        return distinct((found[i] for i in rng.permutation(len(found))), n)
