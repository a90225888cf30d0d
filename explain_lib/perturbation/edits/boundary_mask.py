"""Boundary mask: the unit just outside an end of an entity is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .boundaries import ends
from .family import Edit, Subject
from .keep_edit import KeepEdit


@dataclass(frozen=True)
class BoundaryMask:
    """Stress: hide the unit next to an end of an entity, as the query hides units.

    The unit inside is hidden by rows of the query itself, and not here: the context arm always keeps it.
    """

    name: ClassVar[str] = "boundary mask"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = False
    cost: ClassVar[int] = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits."""
        visible = subject.query.with_targets([]).active & ~subject.query.fixed()
        found: dict[int, Edit] = {}
        for end in ends(subject):
            if end.outside is not None and visible[end.outside] and end.outside not in found:
                hidden = np.arange(subject.query.n_units) == end.outside
                found[end.outside] = KeepEdit(self, hidden, end.about("outside"))
        edits = list(found.values())
        return [edits[i] for i in rng.permutation(len(edits))[:n]]
