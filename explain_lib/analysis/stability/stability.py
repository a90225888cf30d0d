"""`stability`: how much of an explanation survives edits that keep its entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Method
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.edits import bank as draw_bank
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, describe, stream

from .arm_of_target import ArmOfTarget
from .beside import faithful
from .change import Changes
from .drawn import Drawn
from .explained import Explained, Seeds, explain_all
from .held import Holdable, held_measures
from .questions import questions
from .report import StabilityReport

Floats = npt.NDArray[np.float64]


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
    rng=rng)`. Each text is explained with a seed of its own; the text itself `n_noise` times more, unless its first
    two explanations are the same. Edits that change the prediction of a target are counted and left out. `n_rows`
    fresh rows measure faithfulness, which stands beside stability. Every figure and array: `StabilityReport`.

    Cost: (edits + n_noise + 1) explanations per arm, run together; `stability_cost` says it before. With an int `rng`
    an interrupted run (raise from the tick of `query.watched`) goes on where it stopped: rows that were run are known.
    Raises ValueError for a query without targets, n_noise below 1 and a bank of another text, TypeError for what is no
    method, and what the method raises on the text itself; where it fails on an edit, the edit is left out and counted.
    """
    if n_noise < 1:
        raise ValueError(f"n_noise is {n_noise}; at least 1 more explanation tells noise from change.")
    asked, source = questions(query), describe(rng)
    edits = (draw_bank(query, n_edits=n_edits, rng=rng) if bank is None else bank).label_keeping
    drawn = Drawn.of(edits, query)
    seeds = Seeds.of(rng, n_noise, len(edits))
    explained = explain_all(asked, drawn.edited, drawn.kept, method, seeds)
    changes, permutations = Changes.each(query, drawn), int(stream(rng, "stability permutations").integers(2**63))
    parts = [ArmOfTarget.of(one, i, drawn, changes[i], permutations) for one in explained for i in one.question.indices]
    abouts = [_about(part, method) for part in parts]
    measures = [measure for part, about in zip(parts, abouts, strict=True) for measure in part.measures(about)]
    for one in explained:
        own = [about for part, about in zip(parts, abouts, strict=True) if part.explained is one]
        measures += faithful(one.question.query, one.text[0], own, n_rows, rng)
    if isinstance(method, Holdable):
        measures += held_measures(parts, abouts, seeds, permutations)
    provenance = replace(explained[0].text[0].provenance, rng=source, arm=" and ".join(_arms(explained)))
    return StabilityReport(
        query.units, query.targets, tuple(measures), _arrays(parts, drawn, _arms(explained)),
        _details(explained, drawn), _n_evals(explained, drawn, n_rows), provenance,
    )  # fmt: skip


def _about(part: ArmOfTarget, method: Method) -> Mapping[str, str]:
    target = part.explained.question.query.targets[part.explained.question.indices.index(part.index)]
    return {"target": target.name, "arm": part.explained.question.arm, "method": repr(method)}


def _arms(explained: Sequence[Explained]) -> list[str]:
    return list(dict.fromkeys(one.question.arm for one in explained))


def _arrays(parts: Sequence[ArmOfTarget], drawn: Drawn, arms: Sequence[str]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays that `StabilityReport` documents."""
    (n_edits, n_targets), n_units = drawn.kept.shape, len(parts[0].text.units)
    by_unit = {name: np.full((len(arms), n_units, n_targets), np.nan) for name in ("scores", "spread", "noise_spread")}
    by_edit = {name: np.full((len(arms), n_edits, n_targets), np.nan) for name in ("by_edit", "noise_by_edit")}
    n_compared = np.zeros((len(arms), n_edits, n_targets), dtype=np.int64)
    for part in parts:
        arm, active = arms.index(part.explained.question.arm), part.text.active[:, 0]
        of_units = part.text.scores[:, 0], part.compared.spread(), part.compared.noise_spread()
        for array, values in zip(by_unit.values(), of_units, strict=True):
            array[arm, :, part.index] = np.where(active, values, np.nan)
        at, likeness = part.compared.numbers, part.likeness
        by_edit["by_edit"][arm, at, part.index] = likeness.by_edit
        by_edit["noise_by_edit"][arm, at, part.index] = likeness.noise_by_edit
        n_compared[arm, at, part.index] = part.compared.present.sum(axis=1)
    return {**by_unit, **by_edit, "n_compared": n_compared, "kept": drawn.kept, "family": drawn.family}


def _details(explained: Sequence[Explained], drawn: Drawn) -> dict[str, object]:
    """Plain values: what was edited, refused and not to be had."""
    bank = drawn.bank
    return {
        "method": repr(explained[0].text[0].method),
        "arms": _arms(explained),
        "families": list(drawn.families),
        "edits": [edit.record() for edit in bank.edits],
        "drawn": dict(bank.drawn),
        "rejected": {name: dict(reasons) for name, reasons in bank.rejected.items()},
        "unavailable": dict(bank.unavailable),
        "n_explanations_of_text": {arm: _most_drawn(explained, arm) for arm in _arms(explained)},
        "failed": [why for one in explained for why in one.failed.values()],
    }


def _most_drawn(explained: Sequence[Explained], arm: str) -> int:
    return max(len(one.text) for one in explained if one.question.arm == arm)


def _n_evals(explained: Sequence[Explained], drawn: Drawn, n_rows: int) -> dict[str, int]:
    """Rows asked for, by part."""
    rows = {
        "explanations of the text": sum(one.text[0].n_evals for one in explained),
        "noise arm": sum(again.n_evals for one in explained for again in one.text[1:]),
        "explanations of edits": sum(each.n_evals for one in explained for each in one.edits.values()),
        "predictions of edits": sum(len(each.evaluations.windows) for each in drawn.edited),
        "faithfulness": n_rows * len(explained),
        "drawing edits": drawn.cost,
    }
    return {part: n for part, n in rows.items() if n}
