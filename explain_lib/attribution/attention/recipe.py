"""The frame of both attention methods, and the places at which a target reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import without_units
from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.gradient.recipe import ends
from explain_lib.attribution.target_row import TargetRow

if TYPE_CHECKING:
    from explain_lib.models.protocols import Attention
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]


class AttentionMethod(ABC):
    """A method that follows attention weights from the places where a target is read back to the pieces of the text.

    Its scores are shares of attention, not of the score that is explained: `in_score_units` tells those who compare.
    """

    in_score_units: ClassVar[bool] = False

    @abstractmethod
    def columns(self, read: TargetRow) -> Floats:
        """float64[targets, length]: what each target takes from each piece of its row."""

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query read in one window; `rng` is not used. TypeError for a game."""
        read = TargetRow.of(question)
        query = read.query
        if not query.active.any():
            return without_units(query.game()).expand(query.active)
        scores = read.pool(self.columns(read))
        base, full, n_evals = ends(query)
        return Estimate(scores, np.zeros_like(scores), np.inf, base, full, n_evals + 1)


def read_at(read: TargetRow, target: int, flow: Floats, found: Attention) -> Floats:
    """float64[length]: the mean of the rows of `flow` [length, length] at the label positions of a target's span.

    A target without a span is read where the classifier pools: at its first piece, its last, or in shares at all.
    """
    first, end = read.query.model.reach(read.query.targets[target], read.query.encoding)
    if first == end:
        return np.asarray(found.places() @ flow)
    low = read.window.positions[0]
    return np.asarray(flow[read.row.labels_at[0, first - low : end - low]].mean(axis=0))
