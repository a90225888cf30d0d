"""How much each edit changes what the model sees of a text: its embeddings, its outputs and a hidden layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.query import Query

from .drawn import Drawn
from .reading import Reading

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Changes:
    """What each edit changes of one target's reading: float[edits] of the bank, NaN where there is nothing to tell."""

    inputs: Floats
    elementwise_inputs: Floats
    outputs: Floats
    hidden: Floats

    def at(self, numbers: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """The four changes of some edits, by their places in the bank."""
        return self.inputs[numbers], self.elementwise_inputs[numbers], self.outputs[numbers], self.hidden[numbers]


@dataclass(frozen=True, eq=False)
class Readings:
    """The changes of a text by its edits, read when they are first asked for and then kept."""

    query: Query
    drawn: Drawn
    _known: dict[int, Floats] = field(default_factory=dict, repr=False)

    def of(self, asked: Bools) -> list[Changes]:
        """For each target, over the edits bool[edits] that keep its prediction; a pass for the states of every text."""
        text = _readings(self.query, np.ones(self.query.n_targets, dtype=bool))
        for k in np.flatnonzero(asked).tolist():
            if k not in self._known:
                self._known[k] = self._of_edit(text, k)
        nothing = np.full((4, self.query.n_targets), np.nan)
        table = np.array([self._known.get(k, nothing) for k in range(len(asked))]).reshape(-1, *nothing.shape)
        return [Changes(*table[:, :, i].T) for i in range(self.query.n_targets)]

    def _of_edit(self, text: Sequence[Reading | None], k: int) -> Floats:
        """float64[4, targets]: NaN where either side has no reading."""
        found = np.full((4, self.query.n_targets), np.nan)
        others = _readings(self.drawn.edited[k], self.drawn.kept[k])
        for i, (one, other) in enumerate(zip(text, others, strict=True)):
            if one is not None and other is not None:
                found[:, i] = one.changes(other, self.drawn.unit_of[k])
        return found


def _readings(query: Query, targets: Bools) -> list[Reading | None]:
    """As `Reading.each`, but none where units are hidden for good in a way that makes no single row."""
    try:
        return Reading.each(query, targets)
    except ValueError:
        return [None] * query.n_targets
