"""`boundary_sensitivity`: how firm the ends of the entities of a query are, and what they depend on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explain_lib.attribution.black_box import Occlusion
from explain_lib.attribution.estimate import Method
from explain_lib.attribution.explain import provenance_of
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, describe, stream

from .contrast_stability import ContrastStability
from .contrasts import MOVES, N_ROWS, Contrasts
from .crossing import Crossing
from .curve import Curve
from .drawn_edits import DrawnEdits
from .effects import Effects, rows_asked
from .entity import SIDES, Edge, Entity, entities
from .findings import End, Findings
from .flips import Flips
from .index import Index
from .landscape import Landscape
from .regions import REGIONS
from .report import BoundaryReport
from .smallest_edit import smallest_edits


def boundary_sensitivity(  # noqa: PLR0913  # a question, a seed, and settings that have defaults
    query: Query,
    rng: Rng = 0,
    method: Method = Occlusion(),  # noqa: B008  # frozen, without state
    edits: int | Bank = 20,
    reach: int = 3,
    n_controls: int = 20,
    max_rows: int = 100,
    n_contrast_edits: int = 5,
) -> BoundaryReport:
    """For both ends of every entity that a query asks about: how firm it stands and what holds it there.

    Margins; the landscape of spans with ends moved by up to `reach` label positions; what hiding single units does, by
    region, by distance and as an index beside `n_controls` places without an entity; the distance to the decision
    boundary; the smallest set of hidden context units that moves an end (`max_rows` rows beyond single units); flips
    under `edits` (how many of label-keeping families and, for each entity, of stress families; 0 for none; or a bank);
    and contrastive attributions by `method`, explained again under `n_contrast_edits` edits.

    Cost: the text, one row a unit (those of `Occlusion`), `max_rows` at most, one row an edit, and the rows of
    `method` once and for each contrast edit; `n_evals` has them by part, asked for whether known or not. An index says
    how local a margin is, not that it is right. What cannot be measured is there as "not available, because".
    Raises ValueError for a query without targets or with a target without a span, and TypeError for what `method` is no
    method for. `query.watched(tick)` reports progress and cancels.
    """
    settings = Settings(method, reach, n_controls, max_rows, n_contrast_edits)
    text = query.with_targets([]).predict(query.full_row[None])[0]
    asked = entities(query, text)
    drawn = DrawnEdits.of(query.with_targets([entity.target for entity in asked]), edits, rng)
    edited, n_edited = drawn.predictions(query)
    source = provenance_of(query, describe(rng))
    found = [settings.findings(entity, Flips.of(entity, drawn, text, edited), rng) for entity in asked]
    effects = [end.effects for one in found for end in one.ends]
    return BoundaryReport(
        query.units,
        tuple(entity.target for entity in asked),
        tuple(measure for one in found for measure in one.measures()),
        _arrays(found, Curve.of(effects)),
        _details(found, drawn),
        _costs(query, found, n_edited),
        source,
    )  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """How boundaries are looked at; see `boundary_sensitivity`."""

    method: Method
    reach: int
    n_controls: int
    max_rows: int
    n_contrast_edits: int

    def __post_init__(self) -> None:
        least = {"reach": 1, "n_controls": 0, "max_rows": 0, "n_contrast_edits": 0}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least {low}.")

    def findings(self, entity: Entity, flips: Flips, rng: Rng) -> Findings:
        """All of one entity; seeds depend on the entity, so that its company does not change it."""
        left, right = (self._end(Edge.of(entity, side), rng) for side in SIDES)
        landscape = Landscape.of(entity, self.reach)
        contrasts = Contrasts.of(landscape, self.method, rng)
        stability = ContrastStability.of(contrasts, flips, self.n_contrast_edits, rng)
        smallest = smallest_edits(entity, flips.clean, [left.effects, right.effects], self.max_rows)
        return Findings(entity, (left, right), landscape, smallest, flips, contrasts, stability)

    def _end(self, edge: Edge, rng: Rng) -> End:
        effects = Effects.of(edge)
        draws = stream(rng, f"controls of {edge.entity.target.name}, {edge.side}")
        index = None if effects is None else Index.of(effects, self.n_controls, draws)
        return End(edge, effects, index, Crossing.of(edge))


def _details(found: Sequence[Findings], drawn: DrawnEdits) -> dict[str, object]:
    """What the axes of the arrays are, which edits were drawn, and what was found in plain values."""
    return {
        "regions": list(REGIONS), "moves": [f"{move.side}: {move.words}" for move in MOVES], "sides": list(SIDES),
        "edits": [edit.record() for edit in drawn.edits], "rejection_rate": drawn.rejection_rate,
        "entities": [one.details() for one in found],
    }  # fmt: skip


def _arrays(found: Sequence[Findings], curve: Curve) -> dict[str, np.ndarray]:
    """The arrays of all entities together; controls of fewer places are filled up with NaN."""
    parts = [one.arrays() for one in found]
    most = max(part["control_index"].shape[1] for part in parts)
    for part in parts:
        short = part["control_index"]
        part["control_index"] = np.pad(short, ((0, 0), (0, most - short.shape[1])), constant_values=np.nan)
    stacked = {name: np.stack([part[name] for part in parts]) for name in parts[0]}
    return stacked | {
        "curve_distances": curve.distances, "curve_effects": curve.effects, "curve_counts": curve.counts,
    }  # fmt: skip


def _costs(query: Query, found: Sequence[Findings], n_edited: int) -> dict[str, int]:
    """Rows asked for, by part, whether they were known or not; `embeddings` counts passes at embeddings."""
    attributions = [one.contrasts.attribution for one in found if one.contrasts.attribution is not None]
    return {
        "text": len(query.evaluations.windows),
        "single units": rows_asked([end.effects for one in found for end in one.ends]),
        "sets of units": sum(one.smallest.n_sets for one in found),
        "edited texts": n_edited,
        "contrasts": sum(attribution.n_evals for attribution in attributions),
        "contrast faithfulness": N_ROWS * len(attributions),
        "contrast stability": sum(one.stability.n_evals for one in found),
        "passes at embeddings": sum(end.crossing.n_passes for one in found for end in one.ends),
    }
