"""Which unit owns which piece: the only place where piece scores are pooled to units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .arrays import read_only
from .units import Units


@dataclass(frozen=True, eq=False)
class Alignment:
    """Owner of each piece.

    Shapes: `owner` int[pieces], an index of a unit, or −1 for pieces without text (special pieces, white space).
    """

    owner: npt.NDArray[np.int64]
    n_units: int

    def __post_init__(self) -> None:
        owner = read_only(self.owner, np.int64, 1, "Alignment.owner")
        if owner.size and (owner.min() < -1 or owner.max() >= self.n_units):
            raise ValueError(
                f"owners range from {owner.min()} to {owner.max()}; allowed are -1 (no text) to {self.n_units - 1}."
            )
        object.__setattr__(self, "owner", owner)

    def keep_pieces(self, keep: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Spread keep bool[n, units] over pieces: bool[n, pieces]; pieces without text are always kept."""
        padded = np.concatenate([keep, np.ones((len(keep), 1), dtype=bool)], axis=1)
        return padded[:, self.owner]

    def pool_sum(self, piece_scores: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Add up piece scores float[..., pieces] within each unit: float64[..., units]; ownerless pieces drop out."""
        scores = np.moveaxis(np.asarray(piece_scores, dtype=np.float64), -1, 0)
        pooled = np.zeros((self.n_units + 1, *scores.shape[1:]))
        np.add.at(pooled, self.owner, scores)  # owner −1 is the last row
        return np.moveaxis(pooled[:-1], 0, -1)

    @property
    def has_pieces(self) -> npt.NDArray[np.bool_]:
        """bool[units]: which units own at least one piece (a unit that the tokenizer drops owns none)."""
        owned = np.zeros(self.n_units + 1, dtype=bool)
        owned[self.owner] = True
        return owned[:-1]


def align(units: Units, offsets: npt.NDArray[np.int64]) -> tuple[Units, Alignment]:
    """Join units that share a piece and say which unit owns each piece.

    `offsets` int[pieces, 2] are character ranges; a range that is empty or holds only white space has no text.
    Returns the units, joined into the smallest runs that no piece splits, and their alignment.
    """
    spans = _trimmed(offsets, units.document.text)
    first = np.searchsorted(units.bounds[:, 1], spans[:, 0], side="right")
    last = np.searchsorted(units.bounds[:, 0], spans[:, 1], side="left") - 1
    has_text = (spans[:, 0] < spans[:, 1]) & (first <= last)
    group = _joined_groups(len(units), first[has_text], last[has_text])
    n_groups = int(group[-1]) + 1 if len(group) else 0
    starts = np.searchsorted(group, np.arange(n_groups), side="left")
    ends = np.searchsorted(group, np.arange(n_groups), side="right") - 1
    bounds = np.stack([units.bounds[starts, 0], units.bounds[ends, 1]], axis=1) if n_groups else units.bounds
    place = np.searchsorted(bounds[:, 1], spans[:, 0], side="right")  # in joined units: they cover gaps between units
    reached = np.append(bounds[:, 0], np.iinfo(np.int64).max)[place] < spans[:, 1]
    owner = np.where((spans[:, 0] < spans[:, 1]) & reached, place, -1)
    joined = units if n_groups == len(units) else Units(units.document, bounds)
    return joined, Alignment(owner, n_groups)


def _joined_groups(
    n_units: int, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Group index of each unit: a piece over units first..last glues every neighbouring pair in between."""
    glue = np.zeros(n_units + 1, dtype=np.int64)
    np.add.at(glue, first + 1, 1)
    np.add.at(glue, last + 1, -1)
    starts_group = np.cumsum(glue)[:n_units] <= 0
    return np.cumsum(starts_group) - 1 if n_units else np.zeros(0, dtype=np.int64)


def _trimmed(offsets: npt.NDArray[np.int64], text: str) -> npt.NDArray[np.int64]:
    """Character ranges without the white space at their ends (byte-level pieces often carry a leading blank)."""
    trimmed = np.array(offsets, dtype=np.int64).reshape(-1, 2)
    for row in trimmed:
        piece = text[row[0] : row[1]]
        row[0] += len(piece) - len(piece.lstrip())
        row[1] -= len(piece) - len(piece.rstrip())
        row[1] = max(row[0], row[1])
    return trimmed
