"""What every report has: measures, named arrays, what they are about, and a way to keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from .attribution import Provenance
from .measure import Measure
from .target import Target
from .units import Units

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False)
class Report:
    """Measures about the explanations of one text.

    `arrays` are read-only; each kind of report documents their names and shapes and lists the names in `ARRAYS`.
    `details` are plain values, ready for JSON (edits that were tried, reasons, settings in words). `n_evals` counts
    the model rows that were asked for, by part.
    """

    units: Units
    targets: tuple[Target, ...]
    measures: tuple[Measure, ...]
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    n_evals: Mapping[str, int] = field(default_factory=dict)
    provenance: Provenance = field(default_factory=Provenance)

    ARRAYS: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", tuple(self.targets))
        object.__setattr__(self, "measures", tuple(self.measures))
        unknown = set(self.arrays) - set(self.ARRAYS)
        if unknown:
            raise ValueError(
                f"{type(self).__name__} documents no arrays named {sorted(unknown)}; it has {', '.join(self.ARRAYS)}."
            )
        arrays = {name: np.array(array) for name, array in self.arrays.items()}
        for array in arrays.values():
            array.setflags(write=False)
        object.__setattr__(self, "arrays", MappingProxyType(arrays))
        object.__setattr__(self, "details", MappingProxyType(dict(self.details)))
        object.__setattr__(self, "n_evals", MappingProxyType(dict(self.n_evals)))

    def select(self, name: str | None = None, **about: str) -> tuple[Measure, ...]:
        """The measures of that name, and about that target, arm, family, side or method, in order."""
        return tuple(self._matching(name, about))

    def measure(self, name: str, **about: str) -> Measure:
        """The one measure of that name and about those things; KeyError, naming what there is, for none or several."""
        found = self.select(name, **about)
        if len(found) != 1:
            have = sorted({f"{m.name} {dict(m.about)}" for m in (found or self.measures)})
            raise KeyError(f"{len(found)} measures are named {name!r} about {about}; there are: {'; '.join(have[:20])}")
        return found[0]

    def _matching(self, name: str | None, about: Mapping[str, str]) -> Iterator[Measure]:
        for measure in self.measures:
            if name in (None, measure.name) and all(measure.about.get(k) == v for k, v in about.items()):
                yield measure

    def to_pandas(self) -> pandas.DataFrame:
        """A row for every measure: name, what it is about (a column each), value, low, high, n, scale, note."""
        import pandas

        rows = []
        for m in self.measures:
            low, high = m.interval or (np.nan, np.nan)
            row = {"name": m.name, **m.about, "value": m.value, "low": low, "high": high}
            rows.append({**row, "n": m.n, "scale": m.scale, "higher_is_better": m.higher_is_better, "note": m.note})
        return pandas.DataFrame(rows)

    def save(self, path: str | Path) -> None:
        """Write arrays as npz and the rest as JSON, no pickle: a folder, or `x.npz` with `x.json` beside it."""
        from .report_store import save  # imported here: the store reads Report

        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Read what `save` of the same kind of report wrote; ValueError for a file of another kind."""
        from .report_store import load

        return load(cls, path)

    def __repr__(self) -> str:
        size = f"{len(self.measures)} measures of {len(self.targets)} targets"
        return f"{type(self).__name__}({size}, {sum(self.n_evals.values())} rows)"
