"""The result of explaining and of fusing: one score, with its error, for every unit and target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .arrays import check_shape, read_only
from .interval import score_intervals
from .target import Target
from .units import Units

if TYPE_CHECKING:
    from .ranking import Ranks

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Provenance:
    """Where an attribution comes from: enough to make it again.

    `noise_floor` is the standard deviation that reduced precision alone gives a score (0 in float32 and float64).
    `stopped` says what ended a run with a tolerance: "tolerance" where it was met for every target, else "budget".
    """

    model: str = ""
    hiding: str = ""
    score: str = ""
    arm: str = "all units"
    precision: str = ""
    noise_floor: float = 0.0
    rng: str = ""
    stopped: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "versions", MappingProxyType(dict(self.versions)))


@dataclass(frozen=True, eq=False)
class FusionDetail:
    """How members were combined.

    Shapes: `weights` float[methods, targets]; `local_share` float[units, targets], the share of a score that comes from
    this text and not from the corpus; `scales` float[methods, targets], what a member was multiplied with before it
    was weighed (NaN: ranks were used); `losses` float[3, methods + 1, targets], the loss of faithfulness, stability and
    boundary faithfulness of each member and, last, of the fusion, as shares of the mean squared change of the score
    (0 is perfect, 1 is what saying nothing loses; NaN: not measured). `notes` say in words, for each
    target, what a reader must know. `n_evals` counts distinct rows by part. `parts` float[methods, units, targets] is
    what each member adds to each score: the scores are their sum over members.
    """

    members: tuple[Any, ...]
    weights: Floats
    local_share: Floats | None = None
    scales: Floats | None = None
    losses: Floats | None = None
    notes: tuple[str, ...] = ()
    n_evals: Mapping[str, int] = field(default_factory=dict)
    parts: Floats | None = None

    def __post_init__(self) -> None:
        for name, kind in (("members", tuple), ("notes", tuple), ("n_evals", lambda n: MappingProxyType(dict(n)))):
            object.__setattr__(self, name, kind(getattr(self, name)))
        for name, n_axes in (("weights", 2), ("local_share", 2), ("scales", 2), ("losses", 3), ("parts", 3)):
            if (values := getattr(self, name)) is not None:
                object.__setattr__(self, name, read_only(values, np.float64, n_axes, f"FusionDetail.{name}"))
        if len(self.weights) != len(self.members):
            raise ValueError(
                f"FusionDetail.weights has {len(self.weights)} rows for {len(self.members)} members; it needs one each."
            )

    def of_targets(self, pick: slice) -> FusionDetail:
        """The same detail for some of the targets."""
        names = ("weights", "local_share", "scales", "losses", "parts")
        arrays: dict[str, Any] = {n: None if (a := getattr(self, n)) is None else a[..., pick] for n in names}
        return replace(self, **arrays, notes=self.notes[pick])


def side_by_side(details: Sequence[FusionDetail], targets: Sequence[Sequence[int]]) -> FusionDetail:
    """One detail of several that share their members; column j of details[i] belongs to target targets[i][j]."""
    order = np.argsort([index for part in targets for index in part])
    first = details[0]
    arrays: dict[str, Any] = {}
    for name in ("weights", "local_share", "scales", "losses", "parts"):
        found = [getattr(detail, name) for detail in details]
        arrays[name] = None if any(a is None for a in found) else np.concatenate(found, axis=-1)[..., order]
    notes = [note for detail in details for note in detail.notes]
    counts = {part: sum(detail.n_evals.get(part, 0) for detail in details) for part in first.n_evals}
    ordered = tuple(notes[i] for i in order) if len(notes) == len(order) else tuple(notes)
    return replace(first, **arrays, notes=ordered, n_evals=counts)


@dataclass(frozen=True, eq=False)
class Attribution:
    """Scores of units for targets.

    Shapes: `scores`, `std_error`, `dof` float[units, targets]; `active` bool[units, targets]; `base_value` and
    `full_value` float[targets] (the score with every active unit hidden, and on the text as it stands).
    Units that are not active were never hidden: their score and standard error are exactly 0.
    `std_error` is 0 for methods that draw nothing and NaN where it cannot be known; `dof` are the degrees of freedom
    of the t interval (infinite for exact methods). `n_evals` counts the distinct rows that the method asked for.
    `method` is the frozen method object, so it can be run again on another text.
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
    fusion: FusionDetail | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(self.targets))
        shape = (len(self.units), len(self.targets))
        for name in ("scores", "std_error", "dof", "active"):
            dtype = bool if name == "active" else np.float64
            array = read_only(getattr(self, name), dtype, 2, f"Attribution.{name}")
            check_shape(array, shape, f"Attribution.{name}", "units × targets")
            object.__setattr__(self, name, array)
        for name in ("base_value", "full_value"):
            array = read_only(getattr(self, name), np.float64, 1, f"Attribution.{name}")
            check_shape(array, shape[1:], f"Attribution.{name}", "one value per target")
            object.__setattr__(self, name, array)
        if np.any(self.scores[~self.active]) or np.any(self.std_error[~self.active]):
            raise ValueError("units that are not active must have score and std_error exactly 0; clear them first.")

    @property
    def completeness_gap(self) -> Floats:
        """float[targets]: full_value − base_value − sum of scores (0 for complete methods)."""
        return np.asarray(self.full_value - self.base_value - self.scores.sum(axis=0))

    def interval(self, level: float = 0.95) -> Floats:
        """Student-t intervals of the scores: float[2, units, targets], lower then upper bound.

        Where `std_error` is 0 the interval is the score itself; where it is NaN the bounds are NaN.
        """
        return score_intervals(self.scores, self.std_error, self.dof, level)

    def ranks(self, level: float = 0.95, by_size: bool = False) -> Ranks:
        """The ranks that each unit may hold and its ties, by score or `by_size`; right for a whole target at once.

        Conservative: units are told apart where Bonferroni's simultaneous intervals do not meet, so no covariance is
        needed. Errors as in `interval`.
        """
        from .ranking import ranks

        return ranks(self, level, by_size)

    def unresolved_mass(self, level: float = 0.95) -> Floats:
        """float[targets]: the share of the sum of absolute scores on units that `interval(level)` cannot tell from 0.

        0 for exact methods, 1 where no error is known. Errors as in `interval`.
        """
        from .ranking import unresolved_mass

        return unresolved_mass(self, level)

    def target(self, index: int) -> Attribution:
        """The attribution of one target alone."""
        pick = slice(index, index + 1) if index >= 0 else slice(index, index + 1 or None)
        if not -len(self.targets) <= index < len(self.targets):
            raise IndexError(f"target {index} of {len(self.targets)}; allowed are 0 to {len(self.targets) - 1}.")
        arrays = {n: getattr(self, n)[:, pick] for n in ("scores", "std_error", "dof", "active")}
        values = {n: getattr(self, n)[pick] for n in ("base_value", "full_value")}
        fusion = self.fusion.of_targets(pick) if self.fusion else None
        return Attribution(
            self.units, self.targets[pick], method=self.method, n_evals=self.n_evals, provenance=self.provenance,
            fusion=fusion, **arrays, **values,
        )  # fmt: skip

    def save(self, path: str | Path) -> None:
        """Write arrays as npz and the rest as JSON, no pickle: a folder, or `x.npz` with `x.json` beside it."""
        from .attribution_store import save  # imported here: the store reads Attribution

        save(self, path)

    @staticmethod
    def load(path: str | Path) -> Attribution:
        """Read what `save` wrote; `method` comes back as its repr, which shows alike but cannot be run."""
        from .attribution_store import load

        return load(path)

    def __repr__(self) -> str:
        size = f"{len(self.units)} units × {len(self.targets)} targets"
        return f"Attribution({size} by {self.method!r}, {self.n_evals} rows)"
