"""Gradient-weighted attention: attention that raises a target's score, gathered through the layers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.target_row import TargetRow

from .recipe import AttentionMethod, read_at

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GradientAttention(AttentionMethod):
    """Relevancy of Chefer et al. for encoders: per layer R ← R + A·R, A the mean over heads of (gradient × weight)⁺.

    R starts as the identity, which is left out of the scores; it is read at the label positions of the target's span,
    and of a classifier where it pools (each piece by the length of the outputs' slope along its last state).
    A control: what flows against the target is cut off, so scores are at least 0 and cannot show evidence against it;
    they promise nothing about full − base, and `completeness_gap` means nothing here. `std_error` is 0: nothing is
    drawn. Needs a Transformer that returns its attention weights; TypeError otherwise. Cost: one forward pass with
    unfused attention and, per target, one backward pass in float32. Source: Chefer, Gur & Wolf (2021), "Generic
    attention-model explainability", the rule for self-attention.
    """

    def columns(self, read: TargetRow) -> Floats:
        """float64[targets, length]: what each target takes from each piece."""
        found = read.query.model.attention(read.row, read.events, read.query.score)
        columns = []
        for target, slopes in enumerate(found.slopes):
            columns.append(read_at(read, target, relevancy(found.weights, slopes), found))
            read.query.evaluations.report(target + 1, len(read.events))
        return np.stack(columns)


def relevancy(weights: npt.NDArray[np.float32], slopes: npt.NDArray[np.float32]) -> Floats:
    """float64[length, length] without the identity, from weights and slopes [layers, heads, length, length]."""
    flow = np.eye(weights.shape[-1])
    for layer, slope in zip(weights, slopes, strict=True):
        flow = flow + np.maximum(layer * slope, 0).mean(axis=0, dtype=np.float64) @ flow
    return flow - np.eye(len(flow))
