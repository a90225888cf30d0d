"""Everything found about one entity, as measures, arrays and plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, not_available

from .contrast_stability import ContrastStability
from .contrasts import MOVES, Contrasts
from .crossing import Crossing
from .effects import Effects
from .entity import Edge, Entity
from .flips import Flips
from .index import SCALE, Index
from .landscape import Landscape
from .regions import region_measures, regions
from .smallest_edit import SmallestEdits

Floats = npt.NDArray[np.float64]
MARGIN = "margin, in logits or log-odds; below 0 this end stands elsewhere"


@dataclass(frozen=True, eq=False)
class End:
    """What was found about one end; `effects` and `index` are None where it has no margin."""

    edge: Edge
    effects: Effects | None
    index: Index | None
    crossing: Crossing

    def measures(self) -> Iterator[Measure]:
        """The margin, the index with its control, the distance to the decision boundary, and the regions."""
        edge = self.edge
        if self.effects is None or self.index is None:
            yield not_available("margin", edge.because, MARGIN, edge.about)
            yield not_available("index", edge.because, SCALE, edge.about)
        else:
            noise = 1.96 * self.effects.noise
            interval = (self.effects.margin - noise, self.effects.margin + noise) if noise else None
            yield Measure("margin", self.effects.margin, interval, 1, MARGIN, True, edge.about)
            yield from self.index.measures()
        yield from self.crossing.measures(edge)
        yield from region_measures(edge, self.effects)


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found about one entity; `ends` are the left and the right one."""

    entity: Entity
    ends: tuple[End, End]
    landscape: Landscape
    smallest: SmallestEdits
    flips: Flips
    contrasts: Contrasts
    stability: ContrastStability

    def measures(self) -> Iterator[Measure]:
        """All measures, those of each end first."""
        for part in (*self.ends, self.landscape, self.smallest, self.flips, self.contrasts, self.stability):
            yield from part.measures()

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays of this entity, as `BoundaryReport` documents them, without the axis of targets."""
        n, effects = len(self.entity.inside), [end.effects for end in self.ends]
        nothing = np.full(n, np.nan)
        controls = [np.zeros(0) if end.index is None else end.index.controls for end in self.ends]
        return {
            "margins": np.array([np.nan if one is None else one.margin for one in effects]),
            "losses": np.stack([nothing if one is None else one.losses for one in effects]),
            "regions": np.stack([regions(end.edge) for end in self.ends]),
            "landscape": self.landscape.log_probs,
            "landscape_starts": self.landscape.starts,
            "landscape_ends": self.landscape.ends,
            "control_index": _side_by_side(controls),
            **self._contrast_arrays(n),
        }

    def _contrast_arrays(self, n: int) -> dict[str, Floats]:
        scores, errors, values = (np.full(shape, np.nan) for shape in ((len(MOVES), n), (len(MOVES), n), len(MOVES)))
        found = self.contrasts.attribution
        if found is not None:
            at = [MOVES.index(move) for move in self.contrasts.moves]
            scores[at], errors[at], values[at] = found.scores.T, found.std_error.T, found.full_value
        return {"contrast_scores": scores, "contrast_std_error": errors, "contrast_values": values}

    def details(self) -> dict[str, Any]:
        """Edits and units in words, ready for JSON."""
        units = {end.edge.side: end.edge.neighbour for end in self.ends}
        owners = {side: None if unit is None else self.entity.owner(unit) for side, unit in units.items()}
        return {
            "target": self.entity.target.name,
            "smallest_edits": self.smallest.in_words(),
            "nearest_text_edits": self.flips.nearest(),
            "strongest": self.contrasts.strongest(),
            "fates": self.flips.records(),
            "likeliest_other": self.landscape.likeliest_other,
            "beside": {side: span and [span.start, span.end, span.label] for side, span in owners.items()},
        }


def _side_by_side(rows: list[Floats]) -> Floats:
    """float64[rows, longest], the shorter ones filled up with NaN."""
    longest = max(len(row) for row in rows)
    return np.stack([np.pad(row, (0, longest - len(row)), constant_values=np.nan) for row in rows])
