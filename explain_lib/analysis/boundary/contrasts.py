"""Why does it start here and not one position earlier: attributions of an entity versus its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Method
from explain_lib.attribution.explain import explain
from explain_lib.core import Attribution, Measure, Target, longer, not_available
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng

from .entity import Edge, Entity, Side
from .landscape import Landscape

Floats = npt.NDArray[np.float64]
N_ROWS = 32
"""Evaluation rows on which attributions of contrasts are judged."""


@dataclass(frozen=True)
class Move:
    """One end moved outwards by one label position (`step` 1) or inwards (−1)."""

    side: Side
    step: int
    words: str

    def versus(self, entity: Entity) -> Target:
        """The contrast of an entity with itself after the move."""
        other = longer(left=self.step) if self.side == "left" else longer(right=self.step)
        return Target(entity.target.span, entity.target.label, other)

    def is_legal(self, landscape: Landscape) -> bool:
        """Whether the entity after the move is legal."""
        return landscape.is_legal(*((self.step, 0) if self.side == "left" else (0, self.step)))


MOVES = (
    Move("left", 1, "not one position earlier"), Move("left", -1, "not one position later"),
    Move("right", 1, "not one position later"), Move("right", -1, "not one position earlier"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Contrasts:
    """Attributions of the legal contrasts of one entity by one method; `attribution` is None where there are none.

    `moves` are those that are legal, in the order of the attribution's targets. `fit` float64[moves]: the share of
    squared change on evaluation rows that the attribution explains, scaled as it fits best (NaN: nothing changes).
    """

    entity: Entity
    method: Method
    moves: tuple[Move, ...]
    attribution: Attribution | None
    fit: Floats

    @classmethod
    def of(cls, landscape: Landscape, method: Method, rng: Rng) -> Contrasts:
        """Explain all legal contrasts of an entity together."""
        entity, moves = landscape.entity, tuple(move for move in MOVES if move.is_legal(landscape))
        if not moves:
            return cls(entity, method, (), None, np.zeros(0))
        query = entity.query.with_targets([move.versus(entity) for move in moves])
        found = explain(query, method, rng)
        return cls(entity, method, moves, found, _fit(query, found, rng))

    @property
    def query(self) -> Query:
        """The query of all legal contrasts."""
        return self.entity.query.with_targets([move.versus(self.entity) for move in self.moves])

    def measures(self) -> Iterator[Measure]:
        """Per contrast: its size, how much of its attribution lies at the end, and how well that predicts."""
        names = ("contrast", "boundary mass", "contrast faithfulness")
        for move in MOVES:
            about = self.about(move)
            if self.attribution is None or move not in self.moves:
                yield from (not_available(name, "the model has no such span here", "", about) for name in names)
                continue
            at = self.moves.index(move)
            value, fit = float(self.attribution.full_value[at]), float(self.fit[at])
            yield Measure(names[0], value, None, 1, "difference of log-probability", None, about)
            yield self._mass(names[1], move, self.attribution.target(at), about)
            scale = "R² on evaluation rows, best scaled"
            if np.isnan(fit):
                yield not_available(names[2], "hiding units does not change the contrast", scale, about)
            else:
                yield Measure(names[2], fit, None, N_ROWS, f"{scale}; n: rows", True, about)

    def about(self, move: Move) -> dict[str, str]:
        """What measures of one contrast are about."""
        return {
            "target": self.entity.target.name, "arm": self.entity.query.arm, "side": move.side, "versus": move.words,
            "method": repr(self.method),
        }  # fmt: skip

    def strongest(self, n: int = 3) -> list[dict[str, object]]:
        """The units that speak most for each end and against its neighbour, as plain values."""
        found: list[dict[str, object]] = []
        for at, move in enumerate(self.moves):
            assert self.attribution is not None
            scores, texts = self.attribution.scores[:, at], self.attribution.units.texts
            best = [i for i in np.argsort(-scores, kind="stable")[:n].tolist() if scores[i] > 0]
            units = [{"unit": i, "text": texts[i], "score": float(scores[i])} for i in best]
            found.append({"side": move.side, "versus": move.words, "units": units})
        return found

    def _mass(self, name: str, move: Move, found: Attribution, about: dict[str, str]) -> Measure:
        """The share of |score| on the units next to the end, inside and outside, over their share of the units."""
        edge = Edge(self.entity, move.side, None)
        at_end = [unit for unit in (edge.end, edge.neighbour) if unit is not None and found.active[unit, 0]]
        sizes, n = np.abs(found.scores[:, 0]), int(found.active.sum())
        scale = "share of |score| on the two units at the end / their share of units; 1: as elsewhere"
        if not at_end or not sizes.sum() > 0:
            why = "no unit at the end is ever hidden" if not at_end else "every unit scores 0"
            return not_available(name, why, scale, about)
        value = sizes[at_end].sum() / sizes.sum() * n / len(at_end)
        return Measure(name, value, None, n, f"{scale}; n: units", None, about)


def _fit(query: Query, found: Attribution, rng: Rng) -> Floats:
    """float64[targets]: 1 − squared error / squared change of the best scaled attribution on fresh rows."""
    keep = evaluation_rows(query, N_ROWS, rng)
    if not len(keep):
        return np.full(query.n_targets, np.nan)
    changes = query.value(query.full_row[None]) - query.value(keep & query.full_row)
    told = (~keep).astype(np.float64) @ found.scores
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = (told * changes).sum(axis=0) ** 2 / (told**2).sum(axis=0)
        return np.asarray(np.where((told != 0).any(axis=0), shared, 0.0) / (changes**2).sum(axis=0))


