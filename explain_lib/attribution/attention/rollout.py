"""Attention rollout: attention multiplied through the layers, whatever the target is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.target_row import TargetRow

from .recipe import AttentionMethod, read_at

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AttentionRollout(AttentionMethod):
    """Product over layers of (mean attention of the heads + identity) / 2, read at the target's label positions.

    A classifier is read where it pools: each piece by the length of the outputs' slope along its last state.

    A control: it knows where a target stands and nothing else of it, so another type or a contrast at the same place
    scores the same. Scores are at least 0 and, with the special pieces, add up to 1; they promise nothing about
    full − base, and `completeness_gap` means nothing here. `std_error` is 0: nothing is drawn. Needs a Transformer that
    returns its attention weights; TypeError otherwise. Cost: one forward pass with unfused attention in float32. Not
    for evidence of what a prediction rests on. Source: Abnar & Zuidema (2020).
    """

    def columns(self, read: TargetRow) -> Floats:
        """float64[targets, length]: what flows from each piece to the places of each target."""
        found = read.query.model.attention(read.row, (), read.query.score)
        flow = rollout(found.weights)
        return np.stack([read_at(read, target, flow, found) for target in range(len(read.events))])


def rollout(weights: npt.NDArray[np.float32]) -> Floats:
    """float64[length, length] with rows that add up to 1, from weights [layers, heads, length, length]."""
    flow = np.eye(weights.shape[-1])
    for layer in weights.astype(np.float64).mean(axis=1):
        flow = (layer + np.eye(len(layer))) / 2 @ flow
    return flow
