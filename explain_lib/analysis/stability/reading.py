"""One text as the model reads it where a target lies, and how far an edited text is from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import Target
from explain_lib.models.protocols import Layered, Model, PieceRows
from explain_lib.perturbation.query import Query

from .sensitivity import elementwise_change

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Reading:
    """One text as the model reads it in the window of a target.

    Shapes: `inputs` float[length, width], embeddings of the row with special pieces (0 where nothing attends);
    `owner` int[length], the unit of each piece, −1 for none; `outputs` float[positions, ...] and `hidden`
    float[positions, width], logits and states at the target's own label positions (of a classifier all of them).
    `inputs` and `hidden` are None where the model does not show them.
    """

    inputs: Floats | None
    owner: Ints
    outputs: Floats
    hidden: Floats | None

    @classmethod
    def each(cls, query: Query, targets: Bools) -> list[Reading | None]:
        """Read the targets bool[targets] that are wanted; one pass for the states of each window.

        ValueError where the query hides units in a way that makes no single row.
        """
        states: dict[int, Floats | None] = {}
        found: list[Reading | None] = []
        for target, (_, window), wanted in zip(query.targets, query.events(), targets, strict=True):
            if wanted and window not in states:
                states[window] = _states(query, window)
            found.append(cls._of(query, target, window, states[window]) if wanted else None)
        return found

    @classmethod
    def _of(cls, query: Query, target: Target, at: int, states: Floats | None) -> Reading:
        table, row = query.evaluations, query.row(at)
        window = table.windows[at]
        owner = np.full(row.ids.shape[1], -1, dtype=np.int64)
        start = query.model.n_prefix
        owner[start : start + window.pieces[1] - window.pieces[0]] = query.alignment.owner[slice(*window.pieces)]
        outputs = table.outputs(at, query.full_row[None])[0].astype(np.float64).mean(axis=0)
        inputs = _inputs(query.model, row)
        begin, end = query.model.reach(target, query.encoding)
        if begin == end:
            return cls(inputs, owner, outputs, states)
        own = slice(begin - window.positions[0], end - window.positions[0])
        return cls(inputs, owner, outputs[own], None if states is None else states[row.labels_at[0, own]])

    def changes(self, edited: Reading, unit_of: Ints) -> tuple[float, float, float, float]:
        """Of the inputs, of the inputs entry by entry, of the outputs and of the states."""
        inputs = self.input_change(edited, unit_of), self.elementwise_input_change(edited)
        return *inputs, self.output_change(edited), self.hidden_change(edited)

    def input_change(self, edited: Reading, unit_of: Ints) -> float:
        """‖x − x'‖: piece by piece where both texts have as many, else the pieces that only one of them has."""
        if self.inputs is None or edited.inputs is None:
            return float("nan")
        if self.inputs.shape == edited.inputs.shape:
            return float(np.linalg.norm(self.inputs - edited.inputs))
        gone = self.owner >= 0
        gone[gone] = unit_of[self.owner[gone]] < 0
        new = (edited.owner >= 0) & ~np.isin(edited.owner, unit_of)
        return float(np.hypot(np.linalg.norm(self.inputs[gone]), np.linalg.norm(edited.inputs[new])))

    def elementwise_input_change(self, edited: Reading) -> float:
        """‖(x − x') / x‖ with safe denominators; NaN for other numbers of pieces, and where nothing changed."""
        if self.inputs is None or edited.inputs is None or self.inputs.shape != edited.inputs.shape:
            return float("nan")
        return elementwise_change(self.inputs.ravel(), edited.inputs.ravel()) or float("nan")

    def output_change(self, edited: Reading) -> float:
        """‖h(x) − h(x')‖ of the logits where the target lies; NaN where it takes other positions than before."""
        if self.outputs.shape != edited.outputs.shape:
            return float("nan")
        return float(np.linalg.norm(np.nan_to_num(self.outputs - edited.outputs)))

    def hidden_change(self, edited: Reading) -> float:
        """‖(l(x) − l(x')) / l(x)‖ of the layer before the last; NaN as for outputs, and without states."""
        if self.hidden is None or edited.hidden is None or self.hidden.shape != edited.hidden.shape:
            return float("nan")
        return elementwise_change(self.hidden.ravel(), edited.hidden.ravel())


def _inputs(model: Model, row: PieceRows) -> Floats | None:
    """float64[length, width]: the embeddings of a row, 0 where nothing attends; None for a model without them."""
    try:
        embedded = np.asarray(model.embeddings(row.ids)[0], dtype=np.float64)
    except (AttributeError, NotImplementedError):
        return None
    return np.where(row.attended[0][:, None], embedded, 0.0)


def _states(query: Query, window: int) -> Floats | None:
    """float64[length, width]: the states behind the layer before the last; None for a model that shows none.

    Remembered with the table of rows, so that a text pays for them once, whatever methods are asked about.
    """
    model = query.model
    if not isinstance(model, Layered):
        return None
    known, key = query.evaluations.remembered, ("states", window, query.full_row.tobytes())
    if key not in known:
        known[key] = model.hidden_states(query.row(window), max(0, model.n_layers - 1))[0]
    return np.asarray(known[key], dtype=np.float64)
