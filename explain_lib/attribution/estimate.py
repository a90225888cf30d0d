"""What a method returns before it is dressed as an Attribution, and what makes a method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from explain_lib.core import FusionDetail
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Scores with their errors.

    Shapes: `scores`, `std_error` float64[units, targets]; `base_value`, `full_value` float64[targets]. `dof` are the
    degrees of freedom of every t interval, or float64[targets] (infinite where nothing was drawn). `n_evals` counts
    distinct rows asked for. `stopped` is "tolerance" or "budget" where a method ran until its error was small enough.
    `fusion` tells how a fused method combined its members.
    """

    scores: Floats
    std_error: Floats
    dof: float | Floats
    base_value: Floats
    full_value: Floats
    n_evals: int
    stopped: str = ""
    fusion: FusionDetail | None = None

    def expand(self, active: Bools) -> Estimate:
        """The same estimate over all units, those outside `active` bool[units] scoring exactly 0."""
        scores, std_error = (np.zeros((len(active), len(self.base_value))) for _ in range(2))
        scores[active], std_error[active] = self.scores, self.std_error
        return replace(self, scores=scores, std_error=std_error)


class Method(Protocol):
    """An explainer: a frozen dataclass whose fields are its settings and whose repr is its provenance."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a game, or of a query whose targets are read in one window."""
        ...
