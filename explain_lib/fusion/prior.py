"""What a corpus taught a fusion: weights, losses, and the scores of its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core.global_attribution import GlobalAttribution

from .corpus_scores import CorpusScores
from .global_view import as_global
from .mixture import CorpusScore, Mixture
from .programme import Losses
from .quadratic import Floats

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ArmPrior:
    """What a corpus says of one arm.

    `weights` float64[methods + 2]: one for each method, then for the mixture and for the corpus score; `losses` the
    mean losses over targets, as shares of E[df²]; `reference` the repr of the method with the least infidelity, from
    which `scores` are made. `n_documents` and `n_targets` count what went in.
    """

    methods: tuple[str, ...]
    weights: Floats
    losses: Losses
    reference: str
    scores: CorpusScores
    n_documents: int
    n_targets: int

    @property
    def words(self) -> GlobalAttribution:
        """What every word scores on average for every kind of target, in units of the model's score."""
        return as_global(self.scores, self.reference)

    def places(self, members: Sequence[Any]) -> Ints:
        """int[members]: the place of each member here, by its repr, else by its class if one has it; −1 if unknown."""
        return np.array([self._place(member) for member in members], dtype=np.int64)

    def reference_among(self, members: Sequence[Any]) -> int | None:
        """Which of some members is the reference; None if none is."""
        at = self.methods.index(self.reference)
        found = np.flatnonzero(self.places(members) == at)
        return int(found[0]) if len(found) else None

    def weights_at(self, places: Ints) -> Floats | None:
        """float64[places]: the corpus weights of some members, adding up to 1; None where they have none."""
        found = np.where(places >= 0, self.weights[places], 0.0)
        return np.asarray(found / found.sum()) if found.sum() > 0 else None

    def _place(self, member: Any) -> int:
        if isinstance(member, Mixture | CorpusScore):
            return len(self.methods) + isinstance(member, CorpusScore)
        if repr(member) in self.methods:
            return self.methods.index(repr(member))
        alike = [i for i, name in enumerate(self.methods) if name.split("(")[0] == type(member).__name__]
        return alike[0] if len(alike) == 1 else -1


@dataclass(frozen=True, eq=False)
class FusionPrior:
    """What a corpus taught: one `ArmPrior` for each arm, and how it was made.

    `weights` and `words` of an arm are what a reader looks at; `about` holds the model, the settings, and how many
    documents there were and questions failed, in plain values. Made by `fit_fusion`.
    """

    arms: Mapping[str, ArmPrior]
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "arms", MappingProxyType(dict(self.arms)))
        object.__setattr__(self, "about", MappingProxyType(dict(self.about)))

    def save(self, path: str | Path) -> None:
        """Write prior.npz and prior.json into a folder, no pickle."""
        from .prior_store import save  # imported here: the store reads FusionPrior

        save(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> FusionPrior:
        """Read what `save` or `fit_fusion` wrote; FileNotFoundError or ValueError for anything else."""
        from .prior_store import load

        return load(Path(path))

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}: {arm.n_targets} targets" for name, arm in self.arms.items())
        failed = f"; {n} questions failed" if (n := self.about.get("failures", 0)) else ""
        return f"FusionPrior({counts}, of {self.about.get('n_documents', 0)} documents{failed})"
