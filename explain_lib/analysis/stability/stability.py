"""`stability`: how much of an explanation survives edits that keep its entities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Method
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.edits import bank as draw_bank
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, describe, settled, stream

from .arm_of_target import ArmOfTarget
from .beside import faithful
from .change import Readings
from .contents import arms_of, arrays, details, n_evals
from .drawn import Drawn
from .explained import Explanations, Seeds
from .held import Holdable, held_measures
from .questions import questions
from .report import StabilityReport

Bools = npt.NDArray[np.bool_]


def stability(  # noqa: PLR0913  # the parts of the question; all but two have defaults
    query: Query,
    method: Method,
    rng: Rng = 0,
    n_edits: int = 20,
    bank: Bank | None = None,
    n_noise: int = 5,
    n_rows: int = 128,
) -> StabilityReport:
    """Explain a text and its edits, and say how alike the explanations are.

    Every target is explained with all units and, on its own, in the context arm; a query that is in the context arm
    is answered there alone. Edits are those of `bank` that keep labels, by default `xl.bank(query, n_edits=n_edits,
    rng=rng)`. The text is explained as `explain` does with the same int `rng`, each edit with a seed of its own, and
    the text `n_noise` times more with others, unless its first two explanations are the same. Edits that change the
    prediction of a target are counted and left out. `n_rows` fresh rows measure faithfulness, which stands beside
    stability. Every figure and array: `StabilityReport`.

    Cost: (edits + n_noise + 1) explanations per arm, run together; `stability_cost` says it before. With an int `rng`
    an interrupted run (raise from the tick of `query.watched`) goes on where it stopped: rows that were run are known.
    Raises ValueError for a query without targets, one in the context arm of several spans at once, n_noise below 1 and
    a bank of another text, TypeError for what is no method, and what the method raises on the text itself; where it
    fails on an edit, the edit is left out and counted.
    """
    *_, report = stability_rounds(query, method, rng, n_edits, bank, n_noise, n_rows, first=None)
    return report


def stability_rounds(  # noqa: PLR0913  # as above
    query: Query,
    method: Method,
    rng: Rng = 0,
    n_edits: int = 20,
    bank: Bank | None = None,
    n_noise: int = 5,
    n_rows: int = 128,
    first: int | None = 4,
) -> Iterator[StabilityReport]:
    """The report after the `first` edits, then after twice as many each time; the last one is that of `stability`.

    Edits are taken from the families in turn, so that every report speaks of as many as it can; explanations are kept
    from round to round. Before the last one, the noise arm is a single pair of explanations and has no interval. For
    callers that show numbers as they come. Arguments and errors as in `stability`.
    """
    if n_noise < 1:
        raise ValueError(f"n_noise is {n_noise}; at least 1 more explanation tells noise from change.")
    asked, source = questions(query), describe(rng)
    seed = settled(rng, "stability")
    edits = (draw_bank(query, n_edits=n_edits, rng=seed) if bank is None else bank).label_keeping
    drawn, seeds = Drawn.of(edits, query), Seeds.of(seed, n_noise, len(edits))
    known = Explanations(asked, drawn, method, seeds), Readings(query, drawn)
    n = len(edits) if first is None else min(max(first, 1), len(edits))
    while True:
        report = _round(*known, drawn.first(n), n_rows, seed)
        yield replace(report, provenance=replace(report.provenance, rng=source))
        if n >= len(edits):
            return
        n = min(2 * n, len(edits))


def _round(explanations: Explanations, readings: Readings, tried: Bools, n_rows: int, rng: int) -> StabilityReport:
    """The report on the edits bool[edits] that are tried so far."""
    explained, changes = explanations.of(tried), readings.of(tried)
    query, drawn, method = readings.query, readings.drawn, explanations.method
    permutations = int(stream(rng, "stability permutations").integers(2**63))
    parts = [ArmOfTarget.of(one, i, drawn, changes[i], permutations) for one in explained for i in one.question.indices]
    abouts = [_about(part, method) for part in parts]
    measures = [measure for part, about in zip(parts, abouts, strict=True) for measure in part.measures(about)]
    for one in explained:
        own = [about for part, about in zip(parts, abouts, strict=True) if part.explained is one]
        measures += faithful(one.question.query, one.text[0], own, n_rows, rng)
    if isinstance(method, Holdable) and tried.all():
        measures += held_measures(parts, abouts, explanations.seeds, permutations)
    arms = arms_of(explained)
    return StabilityReport(
        query.units, query.targets, tuple(measures), arrays(parts, drawn, arms), details(explained, drawn),
        n_evals(explained, drawn, n_rows), replace(explained[0].text[0].provenance, arm=" and ".join(arms)),
    )  # fmt: skip


def _about(part: ArmOfTarget, method: Method) -> Mapping[str, str]:
    target = part.explained.question.query.targets[part.explained.question.indices.index(part.index)]
    return {"target": target.name, "arm": part.explained.question.arm, "method": repr(method)}
