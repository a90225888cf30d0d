"""A known rule in place of a model's scores, to test the plumbing: pieces, units, hiding, targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Score
from explain_lib.models.protocols import Event, Float32s, Floats, Ints, Model, PieceRows
from explain_lib.perturbation import Query

TOGETHER = 3.0
SCALES = 1.0, -0.5
"""What the rule is multiplied with for every second target, so that mixed-up targets show."""


@dataclass(frozen=True, eq=False)
class PlantedRule:
    """`model` with its outputs replaced by a function of piece ids.

    Every id is worth something of its own, and two columns are worth 3 more when both stand as in the text. All that
    concerns text, pieces and targets is the model's.
    """

    model: Model
    ids: Ints
    columns: tuple[int, int]

    is_exact = True
    precision = "float64"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    def rule(self, rows: PieceRows) -> Floats:
        """float64[rows]: the worth of each row; pieces that nothing attends to are worth nothing."""
        stands = [(rows.ids[:, c] == self.ids[c]) & rows.attended[:, c] for c in self.columns]
        return np.asarray((worth(rows.ids) * rows.attended).sum(axis=1) + TOGETHER * (stands[0] & stands[1]))

    def iter_outputs(self, rows: PieceRows) -> Iterator[tuple[Ints, Float32s]]:
        """The worth of every row, as outputs [rows, 1]."""
        yield np.arange(len(rows)), self.rule(rows)[:, None]  # type: ignore[misc]  # float64, so that 1e-9 is checked

    def score(self, outputs: Float32s, events: Sequence[Event], score: Score) -> Floats:
        """float64[rows, events]: the rule, scaled by which target asks."""
        return np.asarray(np.asarray(outputs, dtype=np.float64) * np.resize(SCALES, len(events)))


def worth(ids: Ints) -> Floats:
    """What each piece id is worth: an arbitrary number in [−1, 1) that depends on the id alone."""
    return np.asarray((ids * 0.6180339887498949) % 1 * 2 - 1)


def planted(query: Query) -> tuple[Query, Floats]:
    """A query on the planted rule and its true attribution float64[units, targets], told without the alignment.

    Units are what pieces overlap by their characters; the two columns are the first pieces of the first and the last
    active unit.
    """
    windows = query.evaluations.windows
    window = windows[query.model.window_of(query.targets[0], query.encoding, windows)]
    row = query.model.row(query.encoding, window)
    owner = owners(query)[slice(*window.pieces)]
    active = np.flatnonzero(query.active)
    start = where(row.ids[0], query.encoding.ids[slice(*window.pieces)])
    at = {int(unit): start + int(np.flatnonzero(owner == unit)[0]) for unit in active}
    columns = at[int(active[0])], at[int(active[-1])]
    rule = PlantedRule(query.model, row.ids[0], columns)
    hidden = query.hiding.hide(row, np.zeros(row.ids.shape, dtype=bool), query.model.vocabulary)
    lost = worth(row.ids[0]) - worth(hidden.ids[0]) * hidden.attended[0]
    truth = np.zeros(query.n_units)
    for unit in active.tolist():
        truth[unit] = lost[start + np.flatnonzero(owner == unit)].sum()
        truth[unit] += sum(TOGETHER / 2 for column in columns if at[unit] == column)
    other = Query(rule, query.document, query.targets, query.units, query.hiding, query.score)
    return other, truth[:, None] * np.resize(SCALES, query.n_targets)


def where(row: Ints, text: Ints) -> int:
    """The column at which the pieces of the text begin in a row; ValueError where they do not stand together."""
    for start in range(len(row) - len(text) + 1):
        if np.array_equal(row[start : start + len(text)], text):
            return start
    raise ValueError("the row does not hold the pieces of its window one after the other.")


def owners(query: Query) -> npt.NDArray[np.int64]:
    """int[pieces]: the unit whose characters each piece overlaps, −1 for none."""
    start, end = query.encoding.offsets.T
    bounds = query.units.bounds
    overlaps = (start[:, None] < bounds[:, 1]) & (bounds[:, 0] < end[:, None])
    return np.where(overlaps.any(axis=1), overlaps.argmax(axis=1), -1)
