"""Edits of the forward pass: the same text under another view of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from explain_lib.core import Span

from .family import Family, Ints

if TYPE_CHECKING:
    from explain_lib.models.protocols import Model
    from explain_lib.perturbation.evaluations import Evaluations
    from explain_lib.perturbation.query import Query


class Noise(Family, Protocol):
    """A family that disturbs the forward pass."""

    def view(self, model: Model, seed: int) -> Model:
        """The model under the disturbance that `seed` fixes, a function of the row alone; the model stays as it is."""
        ...


@dataclass(frozen=True, eq=False)
class ModelEdit:
    """One fixed disturbance of a model, by its seed."""

    family: Noise
    seed: int

    def on(self, query: Query, known: Evaluations | None = None) -> Query:
        """The same question to the disturbed model, with rows of its own; where they are known no view is made."""
        return query.on_model(self.family.view(query.model, self.seed)) if known is None else query.on_table(known)

    def unit_of(self, query: Query, edited: Query) -> Ints:
        """int[units]: every unit is where it was."""
        return np.arange(query.n_units)

    def moved(self, span: Span) -> Span | None:
        """Nothing moves."""
        return span

    def record(self) -> dict[str, Any]:
        """The family and the seed."""
        return {"family": self.family.name, "seed": self.seed}
