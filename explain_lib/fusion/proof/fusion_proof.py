"""The result of a proof: figures of every entity, tests between methods, controls, and what they say in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explain_lib.core import Measure
from explain_lib.core.measure import not_available
from explain_lib.core.table import whole_or_absent
from explain_lib.fusion.evidence import Floats
from explain_lib.statistics import PairedComparison, PairedTests, bootstrap_mean, compare_paired, holm

from .figures import FIGURES
from .judging import CONTROLS, FUSED, Judged

if TYPE_CHECKING:
    import pandas

FORMAT = "explain_lib fusion proof 1"


@dataclass(frozen=True)
class Comparison:
    """The fusion against one rival on one figure; differences are positive where the fusion is better.

    `p` is the one-sided sign-flip p value on document means after Holm's correction over the rivals of that figure; NaN
    where there are too few documents to test.
    """

    figure: str
    rival: str
    paired: PairedComparison
    p: float


@dataclass(frozen=True, eq=False)
class FusionProof:
    """What a fusion is worth on documents and edit families that it was not fitted to.

    `entities` hold the figures of each judged entity and `documents` the document that each stands in; `members` are
    the names of the single methods. `randomised` are similarities float64[entities] of the fused scores on the model
    and on a copy with random weights, which must be low. `about` says in plain values what was fitted and judged on.
    """

    entities: tuple[Judged, ...]
    documents: tuple[str, ...]
    members: tuple[str, ...]
    randomised: Floats
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """All that was judged: members, fusions and controls."""
        return self.entities[0].names

    @cached_property
    def values(self) -> Floats:
        """float64[entities, names, figures]."""
        return np.array([entity.figures for entity in self.entities])

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """Each figure of each method: its mean over entities with a document-bootstrap interval."""
        found = []
        for i, figure in enumerate(FIGURES):
            for j, name in enumerate(self.names):
                about = {"method": name}
                column = self.values[:, j, i]
                if np.isnan(column).all():
                    found.append(not_available(figure.name, "no entity gave it", figure.scale, about))
                    continue
                mean = bootstrap_mean(column, self.documents)
                found.append(Measure(
                    figure.name, mean.value, mean.interval, mean.n_items, figure.scale, figure.higher_is_better, about,
                ))  # fmt: skip
        return tuple(found)

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """The fusion against every member and every other fusion."""
        found: list[Comparison] = []
        rivals = [name for name in self.names if name not in (FUSED, *CONTROLS)]
        for i, figure in enumerate(FIGURES):
            sign = 1.0 if figure.higher_is_better else -1.0
            ours = sign * self.column(FUSED)[:, i]
            theirs = {name: sign * self.column(name)[:, i] for name in rivals}
            paired = {n: compare_paired(ours, v, self.documents, one_sided=True) for n, v in theirs.items()}
            p = holm([c.tests.sign_flip_p if isinstance(c.tests, PairedTests) else np.nan for c in paired.values()])
            found += [Comparison(figure.name, n, c, float(x)) for (n, c), x in zip(paired.items(), p, strict=True)]
        return tuple(found)

    @property
    def weights(self) -> Floats:
        """float64[entities, members and what a corpus adds]."""
        return np.array([entity.weights for entity in self.entities])

    def column(self, name: str) -> Floats:
        """float64[entities, figures] of one method."""
        return np.asarray(self.values[:, self.names.index(name)])

    @cached_property
    def verdict(self) -> tuple[str, ...]:
        """What the figures say, one plain sentence for each, the bad news too."""
        from .verdict import verdict

        return verdict(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A row for every method: the mean and the bounds of each figure, and what the fusion gains on it."""
        import pandas

        by_name: dict[str, dict[str, Any]] = {name: {"method": name} for name in self.names}
        for measure in self.measures:
            low, high = measure.interval or (np.nan, np.nan)
            cells = {measure.name: measure.value, f"{measure.name} low": low, f"{measure.name} high": high}
            by_name[measure.about["method"]] |= cells
        for one in self.comparisons:
            gain = {f"{one.figure} gain": one.paired.mean_difference, f"{one.figure} win rate": one.paired.win_rate}
            by_name[one.rival] |= gain | {f"{one.figure} p": one.p}
        return pandas.DataFrame(list(by_name.values()))

    def save(self, path: str | Path) -> None:
        """Write one JSON file; it holds no text."""
        record = {
            "format": FORMAT, "entities": [entity.record() for entity in self.entities],
            "documents": list(self.documents), "members": list(self.members),
            "randomised": self.randomised.tolist(), "about": dict(self.about),
        }  # fmt: skip
        with whole_or_absent(Path(path)) as unfinished:
            unfinished.write_text(json.dumps(finite(record), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> FusionProof:
        """Read what `save` wrote; ValueError for another file."""
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise ValueError(f"{path} is no proof of this version; its first entry must be {FORMAT!r}.")
        entities = tuple(Judged.of(one) for one in record["entities"])
        documents, members = (tuple(record[name]) for name in ("documents", "members"))
        return cls(entities, documents, members, np.array(record["randomised"], dtype=np.float64), record["about"])

    def __repr__(self) -> str:
        n = len(set(self.documents))
        return f"FusionProof({len(self.entities)} entities of {n} documents, {len(self.members)} members)"


def finite(value: Any) -> Any:
    """The same plain value with None in place of NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
