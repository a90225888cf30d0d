"""Context masking: some units far from every entity are hidden for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .family import Edit, Subject
from .keep_edit import KeepEdit


@dataclass(frozen=True)
class ContextMask:
    """Hide a share of the units that lie farther than `margin` units from every protected span.

    The query's own hiding is used, so its rows serve. At least one unit is hidden.
    """

    share: float = 0.1
    margin: int = 1

    name: ClassVar[str] = "context mask"
    languages: ClassVar[None] = None
    keeps_label: ClassVar[bool] = True
    cost: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share is {self.share}; it must be above 0 and at most 1.")

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different sets of hidden units."""
        free = np.flatnonzero(subject.free_units(self.margin))
        size = max(1, round(self.share * len(free)))
        found: dict[bytes, Edit] = {}
        for _ in range(4 * n if len(free) else 0):
            hidden = np.zeros(subject.query.n_units, dtype=bool)
            hidden[rng.choice(free, size, replace=False)] = True
            found.setdefault(hidden.tobytes(), KeepEdit(self, hidden))
            if len(found) == n:
                break
        return list(found.values())
