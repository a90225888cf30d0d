"""How far edits move an explanation, against how far they move what is explained."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from .change import Changes
from .compared import Bools, Compared
from .sensitivity import change_size, elementwise_change, relative_size

Floats = npt.NDArray[np.float64]
LEAST_CHANGE = 1e-6
"""Changes of inputs, outputs and hidden states count as at least this much (the papers' epsilon)."""


@dataclass(frozen=True, eq=False)
class Moves:
    """How far each edit moved the explanation, and what it moved.

    Shapes, all float[edits]: `size` ‖a − a'‖, `relative` ‖a − a'‖ / ‖a‖, `elementwise` ‖(a − a') / a‖ of the scores
    that both sides share; `inputs` ‖x − x'‖ and `elementwise_inputs` ‖(x − x') / x‖ of the embeddings, `outputs`
    ‖h(x) − h(x')‖ of the logits, `hidden` ‖(l(x) − l(x')) / l(x)‖ of a hidden layer; NaN where an edit has no such
    change to speak of.
    """

    size: Floats
    relative: Floats
    elementwise: Floats
    inputs: Floats
    elementwise_inputs: Floats
    outputs: Floats
    hidden: Floats

    @classmethod
    def of(cls, compared: Compared, changes: Changes) -> Moves:
        """Of the first explanation of a text and those of its edits, over the units that both sides share."""
        pairs = [(compared.text[0][own], edit[own]) for edit, own in zip(compared.edits, compared.present, strict=True)]
        size, relative, elementwise = (
            np.array([function(a, b) for a, b in pairs])
            for function in (change_size, relative_size, elementwise_change)
        )
        return cls(size, relative, elementwise, *changes.at(compared.numbers))

    def subset(self, chosen: Bools) -> Moves:
        """The same for some of the edits, bool[edits]."""
        return Moves(*(getattr(self, one.name)[chosen] for one in fields(self)))

    def lipschitz(self) -> Floats:
        """float[edits]: ‖a − a'‖ / ‖x − x'‖; NaN where the edit left the input as it is."""
        return np.asarray(self.size / np.where(self.inputs > 0, self.inputs, np.nan))

    def relative_stability(self, of: Floats) -> Floats:
        """float[edits]: ‖(a − a') / a‖ / max(change, 1e-6), for `of` one of the changes above."""
        return np.asarray(self.elementwise / np.maximum(of, LEAST_CHANGE))
