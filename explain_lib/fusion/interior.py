"""An interior-point solver for small convex programmes over the simplex with quadratic limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .quadratic import Quadratic

Floats = npt.NDArray[np.float64]
Limits = Sequence[tuple[Quadratic, float]]
SLACK = 5e-10
"""Limits may be passed by this much, losses being of order 1: so a start on their border has an inside around it."""
GROWTH, LAST_GAP, NEWTON_STEPS = 20.0, 1e-10, 60


def minimise(objective: Quadratic, limits: Limits, start: Floats) -> Floats:
    """The weights of the simplex with the least objective that keep every loss within its limit.

    `start` is a point of the simplex that does. Newton's method with logarithmic barriers: the objective is within
    (members + limits) · 1e-10 of the least one where the arithmetic allows it. What comes back lies inside the simplex
    and keeps the limits up to the slack; a caller that needs them exactly checks and draws back.
    """
    barrier = _Barrier(objective, [(loss, limit + SLACK) for loss, limit in limits])
    weights, sharpness = barrier.inside(start), 1.0
    while True:
        weights = barrier.centred(weights, sharpness)
        if 1 / sharpness < LAST_GAP:
            return weights
        sharpness *= GROWTH


class _Barrier:
    """sharpness · objective − Σ log w − Σ log(limit − loss(w))."""

    def __init__(self, objective: Quadratic, limits: Limits) -> None:
        self.objective, self.limits = objective, limits

    def inside(self, start: Floats) -> Floats:
        """A point with positive weights and room below every limit, close to `start`."""
        middle, share = np.full(len(start), 1 / len(start)), 0.5
        while share > 1e-16:
            weights = (1 - share) * start + share * middle
            if all(loss(weights) < limit for loss, limit in self.limits):
                return weights
            share /= 4
        raise ArithmeticError("the start of a programme does not keep its limits")

    def value(self, weights: Floats, sharpness: float) -> float:
        room = np.array([limit - loss(weights) for loss, limit in self.limits])
        if weights.min() <= 0 or (room <= 0).any():
            return np.inf
        return float(sharpness * self.objective(weights) - np.log(weights).sum() - np.log(room).sum())

    def centred(self, weights: Floats, sharpness: float) -> Floats:
        """Newton steps with the sum of weights held at 1, until they gain nothing."""
        here = self.value(weights, sharpness)
        for _ in range(NEWTON_STEPS):
            slope, curvature = self._local(weights, sharpness)
            step = _newton_step(slope, curvature)
            gain = -float(slope @ step)
            if not gain > 1e-9:
                break
            size, there = 1.0, self.value(weights + step, sharpness)
            while not there < here - size * gain / 4 and size > 1e-12:
                size /= 2
                there = self.value(weights + size * step, sharpness)
            if not there < here:
                break
            weights, here = weights + size * step, there
        return weights

    def _local(self, weights: Floats, sharpness: float) -> tuple[Floats, Floats]:
        slope = sharpness * self.objective.slope(weights) - 1 / weights
        curvature = 2 * sharpness * self.objective.matrix + np.diag(1 / weights**2)
        for loss, limit in self.limits:
            room, uphill = limit - loss(weights), loss.slope(weights)
            slope = slope + uphill / room
            curvature = curvature + 2 * loss.matrix / room + np.outer(uphill, uphill) / room**2
        return slope, curvature


def _newton_step(slope: Floats, curvature: Floats) -> Floats:
    """The step that sums to 0: eliminated with one solve, in units that keep the curvature well scaled."""
    scale = 1 / np.sqrt(np.diag(curvature))
    scaled = curvature * np.outer(scale, scale)
    sides = np.stack([slope * scale, scale], axis=1)
    solved = scale[:, None] * np.linalg.lstsq(scaled, sides, rcond=None)[0]
    return np.asarray(-solved[:, 0] + solved[:, 1] * solved[:, 0].sum() / solved[:, 1].sum())
