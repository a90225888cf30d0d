"""`AttnLRP`: layer-wise relevance that knows attention, for BERT-like encoders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.target_row import TargetRow

if TYPE_CHECKING:
    from explain_lib.perturbation.game import Game
    from explain_lib.perturbation.query import Query


@dataclass(frozen=True)
class AttnLRP:
    """Attention-aware layer-wise relevance propagation, from the score to the input embeddings.

    R(x) = x · g with g a gradient under rules: linear layers share out y + epsilon · sign(y); activations and the
    division of a layer normalisation pass on what reaches them; the two factors of a product get half each; softmax is
    expanded to first order. It starts from the score, linearised at the model's outputs (gradient · output). Scores
    are sums over the pieces of a unit; special pieces and units that are not active keep their share, which is not
    shown. Biases, shifts, softmax, positions and the linearisation absorb relevance, so scores do not add up to the
    score, nor to full − base: `relevance_ledger` shows layer by layer where it went. A head that is more than linear
    layers and activations (biaffine) is sent through by plain gradients, which its gap in the ledger shows.

    Cost: two forward and, per target, one backward pass in float32, on a copy of the module that shares its weights.
    BERT, RoBERTa, XLM-R and DistilBERT; ValueError for others, such as DeBERTa. It looks at the text as it stands, and
    says nothing of a hiding: judge it by faithfulness. Source: Achtibat et al. (2024), arXiv 2402.05602.
    """

    epsilon: float = 1e-6

    def __post_init__(self) -> None:
        if not self.epsilon >= 0:
            raise ValueError(f"AttnLRP(epsilon={self.epsilon}) is negative or no number; give 0 or a small number.")

    def passes(self, n_targets: int) -> tuple[int, int]:
        """Forward and backward passes in one window, for `Query.cost`."""
        return 2, n_targets  # the second forward pass checks that the rules compute the model's own outputs

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """Score all units of a query read in one window; `rng` is not used. TypeError for a game."""
        from .backward import relevance_flow  # imported where used: it loads torch

        target_row = TargetRow.of(question)
        flow = relevance_flow(target_row, self.epsilon, is_booked=False)
        scores = target_row.pool(flow.columns)
        query = target_row.query
        ends = ask(query.game(), np.ones((0, int(query.active.sum())), dtype=bool))
        return Estimate(scores, np.zeros_like(scores), np.inf, ends.base, ends.full, ends.n_evals + 1)
