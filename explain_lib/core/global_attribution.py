"""What holds for a whole corpus: a score, with its error, for every feature (a word, a concept) and label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .arrays import check_shape, read_only
from .attribution import Provenance
from .interval import score_intervals

if TYPE_CHECKING:
    import pandas

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_FLOATS, _INTS = ("scores", "std_error", "dof"), ("counts", "documents")


@dataclass(frozen=True)
class Entry:
    """One feature under one label; `low` and `high` bound the 95 % interval of the score (NaN where unknown)."""

    feature: str
    score: float
    std_error: float
    low: float
    high: float
    count: int
    documents: int


@dataclass(frozen=True, eq=False)
class GlobalAttribution:
    """Scores of features for labels, over many documents.

    Shapes: `scores`, `std_error`, `dof` float64 and `counts`, `documents` int64, all [features, labels]. `counts` are
    occurrences, `documents` how many documents hold one: documents are what is independent, so `dof` counts them. A
    cell without an occurrence has no score (NaN); a score seen in one document has no standard error (NaN). `more`
    are further numbers of the same shape; the recipe documents their names. `quantity` says in words what a score is,
    `notes` what a reader must know, `recipe` how it was made, `method` the explainer below it ("" for none).
    """

    features: tuple[str, ...]
    labels: tuple[str, ...]
    scores: Floats
    std_error: Floats
    dof: Floats
    counts: Ints
    documents: Ints
    recipe: Any
    quantity: str
    method: str = ""
    more: Mapping[str, Floats] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        for name in ("features", "labels", "notes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for what, names in (("features", self.features), ("labels", self.labels)):
            if len(set(names)) < len(names):
                raise ValueError(f"{what} of a GlobalAttribution stand more than once; each needs a name of its own.")
        for name in (*_FLOATS, *_INTS):
            object.__setattr__(self, name, self._checked(name, getattr(self, name)))
        more = {name: self._checked(f"more[{name!r}]", values) for name, values in self.more.items()}
        object.__setattr__(self, "more", MappingProxyType(more))

    def _checked(self, name: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
        array = read_only(values, np.int64 if name in _INTS else np.float64, 2, f"GlobalAttribution.{name}")
        shape = (len(self.features), len(self.labels))
        check_shape(array, shape, f"GlobalAttribution.{name}", "features × labels")
        return array

    @property
    def z(self) -> Floats:
        """float64[features, labels]: scores in standard errors; NaN where the error is unknown or 0."""
        known = np.where(self.std_error > 0, self.std_error, np.nan)
        return np.asarray(self.scores / known)

    def interval(self, level: float = 0.95) -> Floats:
        """Student-t intervals float64[2, features, labels]; NaN where the error is."""
        return score_intervals(self.scores, self.std_error, self.dof, level)

    def ranks(self, level: float = 0.95) -> Ints:
        """int64[2, features, labels]: best and worst rank (1 = highest score) that each feature may hold; 0 unseen.

        Features are told apart where Bonferroni's simultaneous intervals do not meet, so that all ranks of a label hold
        together with this confidence. A feature without an error may hold any rank.
        """
        found = np.zeros((2, *self.scores.shape), dtype=np.int64)
        seen = ~np.isnan(self.scores)
        for label in range(len(self.labels)):
            rows = np.flatnonzero(seen[:, label])
            low, high = self.interval(1 - (1 - level) / max(1, len(rows)))[:, rows, label]
            low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
            above = len(rows) - np.searchsorted(np.sort(low), high, side="right")
            below = np.searchsorted(np.sort(high), low, side="left")
            found[:, rows, label] = 1 + above, len(rows) - below
        return found

    def top(
        self, label: str, n: int = 20, *, min_documents: int = 3, lowest: bool = False, by_z: bool = False
    ) -> tuple[Entry, ...]:
        """The `n` features with the highest scores for a label (or the lowest ones), best first.

        Only features that `min_documents` documents hold: two tell next to nothing about a third. `by_z` sorts by
        score over standard error. Raises ValueError for an unknown label.
        """
        column = self._column(label)
        key = (self.z if by_z else self.scores)[:, column] * (1 if lowest else -1)
        key = np.where(self.documents[:, column] >= min_documents, key, np.nan)
        order = np.argsort(key, kind="stable")[: int((~np.isnan(key)).sum())]
        return tuple(self._entries(order[:n], column))

    def entry(self, feature: str, label: str) -> Entry:
        """One feature under one label; NaN and 0 for a feature that was never seen."""
        column = self._column(label)
        if feature not in self.features:
            return Entry(feature, np.nan, np.nan, np.nan, np.nan, 0, 0)
        return next(self._entries(np.array([self.features.index(feature)]), column))

    def _column(self, label: str) -> int:
        if label not in self.labels:
            raise ValueError(f"there is no label {label!r}; allowed are {', '.join(self.labels)}.")
        return self.labels.index(label)

    def _entries(self, rows: Ints, column: int) -> Iterator[Entry]:
        scores, std_error, dof = (values[rows, column] for values in (self.scores, self.std_error, self.dof))
        low, high = score_intervals(scores, std_error, dof, 0.95)
        for at, row in enumerate(rows):
            yield Entry(
                self.features[row], float(self.scores[row, column]), float(self.std_error[row, column]),
                float(low[at]), float(high[at]), int(self.counts[row, column]), int(self.documents[row, column]),
            )  # fmt: skip

    def to_pandas(self) -> pandas.DataFrame:
        """A row for every feature and label that was seen, strongest first within a label."""
        import pandas

        low, high = self.interval()
        row, column = np.nonzero(self.counts > 0)
        arrays = {"score": self.scores, "std_error": self.std_error, "low": low, "high": high, "dof": self.dof}
        arrays |= {"count": self.counts, "documents": self.documents, **self.more}
        names = {"feature": np.array(self.features, object)[row], "label": np.array(self.labels, object)[column]}
        frame = pandas.DataFrame(names | {name: array[row, column] for name, array in arrays.items()})
        order = np.lexsort((-frame["score"].to_numpy(), column))
        return frame.iloc[order].reset_index(drop=True)

    def save(self, path: str | Path) -> None:
        """Write arrays as npz and the rest as JSON, no pickle: a folder, or `x.npz` with `x.json` beside it."""
        from .global_attribution_store import save  # imported here: the store reads GlobalAttribution

        save(self, path)

    @staticmethod
    def load(path: str | Path) -> GlobalAttribution:
        """Read what `save` wrote; `recipe` comes back as its repr, which shows alike but cannot be run."""
        from .global_attribution_store import load

        return load(path)

    def __repr__(self) -> str:
        return f"GlobalAttribution({len(self.features)} features × {len(self.labels)} labels by {self.recipe!r})"
