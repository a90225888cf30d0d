"""The result of asking which units act together: a score for every unit, every pair of units and every target."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import check_shape, read_only
from .attribution import Provenance
from .interval import score_intervals
from .target import Target
from .units import Units

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interactions:
    """Main effects and pairwise interactions of units.

    Shapes: `scores`, `std_error`, `dof` float[units, units, targets], symmetric: on the diagonal the main effect of a
    unit, elsewhere what two units add together beyond their main effects (the whole of it, in both halves of the
    matrix). `active` bool[units, targets]: units that were hidden; entries of all others are exactly 0.
    `base_value`, `full_value` float[targets] as in an Attribution. `std_error` is 0 where nothing was drawn and NaN
    where it cannot be known. `n_evals` counts the distinct rows that the method asked for.
    """

    units: Units
    targets: tuple[Target, ...]
    scores: Floats
    std_error: Floats
    dof: Floats
    base_value: Floats
    full_value: Floats
    active: npt.NDArray[np.bool_]
    method: Any
    n_evals: int
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(self.targets))
        n_units, n_targets = len(self.units), len(self.targets)
        for name in ("scores", "std_error", "dof"):
            array = read_only(getattr(self, name), np.float64, 3, f"Interactions.{name}")
            check_shape(array, (n_units, n_units, n_targets), f"Interactions.{name}", "units × units × targets")
            if not np.array_equal(array, array.swapaxes(0, 1), equal_nan=True):
                raise ValueError(f"Interactions.{name} must be symmetric in its first two axes.")
            object.__setattr__(self, name, array)
        for name in ("base_value", "full_value"):
            array = read_only(getattr(self, name), np.float64, 1, f"Interactions.{name}")
            check_shape(array, (n_targets,), f"Interactions.{name}", "one value per target")
            object.__setattr__(self, name, array)
        active = read_only(self.active, bool, 2, "Interactions.active")
        check_shape(active, (n_units, n_targets), "Interactions.active", "units × targets")
        object.__setattr__(self, "active", active)
        if np.any(self.scores[~(active[:, None] & active)]) or np.any(self.std_error[~(active[:, None] & active)]):
            raise ValueError("entries of units that are not active must be exactly 0; clear them first.")

    @property
    def main(self) -> Floats:
        """float[units, targets]: the main effects, which are the diagonal of `scores`."""
        return np.asarray(np.einsum("iit->it", self.scores))

    @property
    def shares(self) -> Floats:
        """float[units, targets]: each main effect and half of each of its interactions.

        For Shapley indices these are the Shapley values of the units, for Banzhaf interactions their Banzhaf values.
        """
        return np.asarray((self.main + self.scores.sum(axis=1)) / 2)

    @property
    def completeness_gap(self) -> Floats:
        """float[targets]: full_value − base_value − main effects − each pair once (0 for Shapley indices)."""
        return np.asarray(self.full_value - self.base_value - self.shares.sum(axis=0))

    def interval(self, level: float = 0.95) -> Floats:
        """Student-t intervals: float[2, units, units, targets], lower then upper bound, as in an Attribution."""
        return score_intervals(self.scores, self.std_error, self.dof, level)

    def strongest(self, count: int = 10, target: int = 0) -> tuple[tuple[int, int], ...]:
        """Up to `count` pairs of active units (first, second) whose interactions are largest, either sign."""
        first, second = np.triu_indices(len(self.units), 1)
        both = self.active[first, target] & self.active[second, target]
        first, second = first[both], second[both]
        best = np.argsort(-np.abs(self.scores[first, second, target]), kind="stable")[:count]
        return tuple(zip(first[best].tolist(), second[best].tolist(), strict=True))

    def save(self, path: str | Path) -> None:
        """Write arrays as npz and the rest as JSON, no pickle: a folder, or `x.npz` with `x.json` beside it."""
        from .interactions_store import save  # imported here: the store reads Interactions

        save(self, path)

    @staticmethod
    def load(path: str | Path) -> Interactions:
        """Read what `save` wrote; `method` comes back as its repr, which shows alike but cannot be run."""
        from .interactions_store import load

        return load(path)

    def __repr__(self) -> str:
        size = f"{len(self.units)} units × {len(self.targets)} targets"
        return f"Interactions({size} by {self.method!r}, {self.n_evals} rows)"
