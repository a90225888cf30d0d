"""Occlusion: what the score loses when a unit, or a window of units, is hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.sampling import sliding_windows

from .recipe import BlackBox, ask, exact_estimate


@dataclass(frozen=True)
class Occlusion(BlackBox):
    """Leave-one-out, or sliding windows of `window` neighbouring active units.

    phi_i = mean over the windows W that hold i of v(all) − v(all but W); a window beyond the text is all units.
    Cost: units − window + 3 rows. Misses units that stand in for one another; a window's loss is not shared out
    among its units, so scores with window > 1 do not add up. Source: Zeiler & Fergus (2014).
    """

    window: int = 1

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"Occlusion(window={self.window}) hides nothing; give a window of at least 1 unit.")

    def estimate(self, game: Game, rng: np.random.Generator) -> Estimate:
        """Score all units; `rng` is not used."""
        keep = sliding_windows(game.n_units, min(self.window, game.n_units)).keep
        answers = ask(game, keep)
        hidden = (~keep).astype(np.float64)
        losses = answers.full - answers.values
        return exact_estimate(hidden.T @ losses / hidden.sum(axis=0)[:, None], answers)
