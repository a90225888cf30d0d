"""Units: the parts of a text that are scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import read_only
from .document import Document
from .span import Span


@dataclass(frozen=True, eq=False)
class Units:
    """Sorted, disjoint character ranges of a document.

    Shapes: `bounds` int[units, 2], half open, in code points of `document.text`.
    Raises ValueError for bounds that overlap, are unsorted, empty or leave the text.
    """

    document: Document
    bounds: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        given = np.asarray(self.bounds, dtype=np.int64)
        bounds = read_only(given.reshape(-1, 2) if given.size == 0 else given, np.int64, 2, "Units.bounds")
        if bounds.shape[1] != 2:
            raise ValueError(f"Units.bounds has shape {bounds.shape}; it needs (units, 2).")
        object.__setattr__(self, "bounds", bounds)
        if len(bounds) == 0:
            return
        if (bounds[:, 0] >= bounds[:, 1]).any() or (bounds[1:, 0] < bounds[:-1, 1]).any():
            raise ValueError("Units.bounds must be sorted, disjoint and not empty (start < end <= next start).")
        if bounds[0, 0] < 0 or bounds[-1, 1] > len(self.document.text):
            raise ValueError(
                f"units reach from {bounds[0, 0]} to {bounds[-1, 1]}; the text has {len(self.document.text)} "
                "characters. Build units from the same Document."
            )

    def __len__(self) -> int:
        return len(self.bounds)

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each unit."""
        return tuple(self.document.text[s:e] for s, e in self.bounds)

    def inside(self, span: Span) -> npt.NDArray[np.bool_]:
        """bool[units]: which units share a character with `span` (gaps of a discontinuous span do not count)."""
        starts, ends = self.bounds[:, 0], self.bounds[:, 1]
        shared = np.zeros(len(self), dtype=bool)
        for s, e in span.parts:
            shared |= (starts < e) & (s < ends)
        return shared

    def __repr__(self) -> str:
        return f"Units({len(self)} units of {self.document!r})"
