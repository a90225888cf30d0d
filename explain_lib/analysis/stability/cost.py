"""What stability will cost, said before it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from explain_lib.attribution.estimate import Method
from explain_lib.perturbation.cost import Cost, seconds_of
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.edits import bank as draw_bank
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng, settled

from .explained import Seeds
from .questions import questions


@dataclass(frozen=True)
class StabilityCost:
    """What `stability` asks for at most, part by part, and in all.

    Edits that turn out to change a prediction are not explained, and a method that draws nothing has no noise arm, so
    every figure is an upper bound. `total.seconds` is an estimate, None where none was asked for.
    """

    parts: Mapping[str, Cost]
    total: Cost

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", MappingProxyType(dict(self.parts)))

    def __str__(self) -> str:
        lines = [f"{name}: {cost}" for name, cost in self.parts.items() if cost.rows or cost.forward]
        return "\n".join([*lines, f"in all: {self.total}"])


def stability_cost(  # noqa: PLR0913  # the arguments of `stability`
    query: Query,
    method: Method,
    rng: Rng = 0,
    n_edits: int = 20,
    bank: Bank | None = None,
    n_noise: int = 5,
    n_rows: int = 128,
    is_timed: bool = True,
) -> StabilityCost:
    """What `stability` with the same arguments will ask for: rows, new rows, gradient passes and seconds, by part.

    The method is rehearsed on the text and on every edit without the model. The edits are drawn for it (and kept, with
    an int `rng`), which takes the full row of the text and what their families take. Errors as in `stability`: what the
    method raises on an edit is none.
    """
    asked, settled_rng = questions(query), settled(rng, "stability")
    edits = (draw_bank(query, n_edits=n_edits, rng=settled_rng) if bank is None else bank).label_keeping
    edited, seeds = edits.on(query), Seeds.of(settled_rng, n_noise, len(edits))
    everything = np.ones(query.n_targets, dtype=bool)
    pairs = list(zip(edited, seeds.edits, strict=True))
    on_edits = [(each.on(one, everything), seed) for each in asked for one, seed in pairs]
    parts = {
        "explanations of the text": _added([(each.query, seeds.text[0]) for each in asked], method),
        "noise arm": _added([(each.query, seed) for each in asked for seed in seeds.text[1:]], method),
        "explanations of edits": _on_edits([(one, seed) for one, seed in on_edits if one is not None], method),
        "predictions of edits": _rows(sum(len(one.evaluations.windows) for one in edited), query),
        "faithfulness": _rows(sum(n_rows * len(each.query.parts()) for each in asked), query),
    }
    total = _sum(list(parts.values()))
    is_known = is_timed and not total.is_open  # some methods run passes that nobody knows beforehand
    return StabilityCost(parts, replace(total, seconds=seconds_of(query, total)) if is_known else total)


def _added(asked: Sequence[tuple[Query, int]], method: Method) -> Cost:
    """The costs of explaining all of these, each rehearsed with its seed."""
    return _sum([query.cost(method, seed, is_timed=False) for query, seed in asked])


def _on_edits(asked: Sequence[tuple[Query, int]], method: Method) -> Cost:
    """The same for edited texts: one on which the method fails is left out, as `stability` leaves it out."""
    costs = []
    for query, seed in asked:
        with suppress(Exception):
            costs.append(query.cost(method, seed, is_timed=False))
    return _sum(costs)


def _sum(costs: Sequence[Cost]) -> Cost:
    names = "rows", "new_rows", "model_rows", "forward", "backward"
    counts = {name: sum(getattr(one, name) for one in costs) for name in names}
    return Cost(**counts, seconds=None, is_bound=True, is_open=any(one.is_open for one in costs))


def _rows(n: int, query: Query) -> Cost:
    return Cost(n, n, n * query.hiding.draws, 0, 0, None, True)
