"""What reduced precision alone does to a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from .query import Query

NOISE_ROWS = 8


def noise_floor(query: Query) -> npt.NDArray[np.float64]:
    """float64[targets]: the root mean square of reduced − float32 scores over 8 rows; 0 for exact models.

    The rows keep from few to all units. They come from a stream of their own and are the same for all targets.
    """
    if query.model.is_exact:
        return np.zeros(query.n_targets)
    rng = np.random.default_rng(np.random.SeedSequence(0, spawn_key=(1,)))
    keep = rng.random((NOISE_ROWS, query.n_units)) < np.linspace(1 / NOISE_ROWS, 1, NOISE_ROWS)[:, None]
    if not query.hiding.keeps_length:
        keep |= query.fixed()
    noise = np.empty(query.n_targets)
    for i, (event, window) in enumerate(query.events()):
        differences = query.evaluations.rounding(window, keep, [event], query.score)
        noise[i] = np.sqrt(np.mean(differences**2))
    return noise
