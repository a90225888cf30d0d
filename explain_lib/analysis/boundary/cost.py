"""What a boundary report will ask for, said before it runs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from explain_lib.attribution.black_box import Occlusion
from explain_lib.attribution.estimate import Method
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.query import Query

from .contrast_stability import spread
from .contrasts import N_ROWS
from .crossing import STEPS
from .drawn_edits import DrawnEdits
from .effects import window_of
from .entity import SIDES, Entity, entities


def boundary_cost(  # noqa: PLR0913  # the arguments of `boundary_sensitivity`
    query: Query,
    rng: int = 0,
    method: Method = Occlusion(),  # noqa: B008  # frozen, without state
    edits: int | Bank = 20,
    max_rows: int = 100,
    n_contrast_edits: int = 5,
) -> dict[str, int]:
    """What `boundary_sensitivity` with the same arguments asks for at most, by part as in `n_evals` of its report.

    Rows, and passes at embeddings; rows that the query knows already cost nothing. `method` is rehearsed on the text
    and on the edits, which are drawn for it (and kept): that takes the full row of the text. Errors as there.
    """
    plain = query.with_targets([])
    asked = entities(query, plain.predict(query.full_row[None])[0])
    drawn = DrawnEdits.of(query.with_targets([entity.target for entity in asked]), edits, rng)
    chosen = spread(len(drawn.keeping), n_contrast_edits)
    return {
        "text": len(query.evaluations.windows),
        "single units": _single_units(asked),
        "sets of units": max_rows * len(asked),
        "edited texts": sum(len(one.evaluations.windows) for bank in drawn.banks for one in bank.on(plain)),
        "contrasts": sum(_rows(entity.query, method, rng) for entity in asked),
        "contrast faithfulness": N_ROWS * len(asked),
        "contrast stability": sum(_on_edits(entity, drawn, chosen, method, rng) for entity in asked),
        "passes at embeddings": len(SIDES) * (2 + len(STEPS)) * len(asked),
    }


def _on_edits(entity: Entity, drawn: DrawnEdits, chosen: Sequence[int], method: Method, rng: int) -> int:
    """An edit on which the method fails is left out, as the report leaves it out."""
    edited, rows = drawn.keeping.on(entity.query), 0
    for i in chosen:
        with suppress(Exception):
            rows += _rows(edited[i], method, rng)
    return rows


def _single_units(asked: Sequence[Entity]) -> int:
    """The text and one row a unit, in every window that an entity is read in."""
    rows = {(window_of(e.query), int(unit)) for e in asked for unit in (-1, *np.flatnonzero(e.query.active))}
    return len(rows)


def _rows(query: Query, method: Method, rng: int) -> int:
    """Rows, and points of embedding space, that a method asks for."""
    cost = query.cost(method, rng, is_timed=False)
    return cost.rows + cost.forward
