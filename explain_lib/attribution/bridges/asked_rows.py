"""Keep-rows as foreign libraries ask for them: numbers in, scores out, and every distinct row counted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.game import Game

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(eq=False)
class AskedRows:
    """A game whose distinct rows are counted, asked with rows of zeros (hidden) and ones (kept)."""

    game: Game
    _seen: set[bytes] = field(default_factory=set)

    def values(self, rows: npt.ArrayLike) -> Floats:
        """float64[n, targets] for rows [n, units]."""
        keep = np.asarray(rows) > 0.5
        self._seen.update(row.tobytes() for row in keep)
        return self.game.value(keep)

    def estimate(self, scores: npt.ArrayLike, is_sampled: bool) -> Estimate:
        """Dress scores [units, targets]: no error where nothing was drawn, else NaN (the libraries tell none)."""
        array = np.asarray(scores, dtype=np.float64)
        ends = ask(self.game, np.zeros((0, self.game.n_units), dtype=bool))
        both = np.array([[False], [True]]).repeat(self.game.n_units, axis=1)
        self._seen.update(row.tobytes() for row in both)
        error = np.full_like(array, np.nan if is_sampled else 0.0)
        return Estimate(array, error, 0.0 if is_sampled else np.inf, ends.base, ends.full, len(self._seen))
