"""The books of relevance: what reaches each stage of a model, what it absorbs, and what it passes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.target_row import TargetRow
from explain_lib.core import Target

from .attn_lrp import AttnLRP

if TYPE_CHECKING:
    from .backward import Flow
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]
LINEARISATION = "linearisation"


@dataclass(frozen=True, eq=False)
class RelevanceLedger:
    """Relevance through the stages of a model, from the score down to the pieces.

    Shapes: `arrived`, `passed` float64[stages, targets]; `absorbed` float64[stages, kinds, targets]. The first stage
    is the score itself, the last passes relevance on to the pieces (special ones included). Kinds: biases of linear
    layers, shifts of layer normalisations, softmax, tables of positions and segments, the stabiliser epsilon, and the
    linearisation of the score. `gap` is what no kind accounts for: 0 but for rounding, unless a model has a head of
    its own that is not linear.
    """

    targets: tuple[Target, ...]
    stages: tuple[str, ...]
    kinds: tuple[str, ...]
    arrived: Floats
    passed: Floats
    absorbed: Floats

    @property
    def gap(self) -> Floats:
        """float64[stages, targets]: arrived − passed − absorbed."""
        return np.asarray(self.arrived - self.passed - self.absorbed.sum(axis=1))

    def table(self, target: int = 0) -> str:
        """The books of one target as plain text, a line per stage."""
        heads = ("stage", "arrived", *self.kinds, "passed on", "gap")
        lines = [f"{heads[0]:<12}" + "".join(f"{head:>14}" for head in heads[1:])]
        for i, stage in enumerate(self.stages):
            numbers = (self.arrived[i, target], *self.absorbed[i, :, target], self.passed[i, target])
            gap = f"{self.gap[i, target]:>14.1e}"
            lines.append(f"{stage:<12}" + "".join(f"{number:>14.4f}" for number in numbers) + gap)
        return "\n".join(lines)


def relevance_ledger(query: Query, method: AttnLRP = AttnLRP()) -> RelevanceLedger:  # noqa: B008  # frozen
    """The books of `method` on a query; costs what the method costs, for every window in which targets are read.

    ValueError for a query without targets and for a model that the method has no rules for.
    """
    if not query.targets:
        raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
    order = [i for indices, _ in query.parts() for i in indices]
    books = [_ledger(TargetRow.of(part), method) for _, part in query.parts()]
    place = np.argsort(order)
    arrived, passed, absorbed = (
        np.concatenate([getattr(book, name) for book in books], axis=-1)[..., place]
        for name in ("arrived", "passed", "absorbed")
    )
    return RelevanceLedger(query.targets, books[0].stages, books[0].kinds, arrived, passed, absorbed)


def _ledger(target_row: TargetRow, method: AttnLRP) -> RelevanceLedger:
    from .backward import relevance_flow  # imported where used: it loads torch
    from .book import KINDS

    flow = relevance_flow(target_row, method.epsilon, is_booked=True)
    inner = ("embeddings", *(stage for stage, _ in flow.book.boundaries))  # from the pieces up to the head
    reached = np.concatenate([flow.columns.sum(axis=1)[None], flow.arrived, flow.started[None], flow.values[None]])
    stages, kinds = ("score", *inner[::-1]), (*KINDS, LINEARISATION)
    absorbed = np.concatenate([_booked(flow, stages, KINDS), np.zeros((len(stages), 1, len(flow.values)))], axis=1)
    absorbed[0, -1] = flow.values - flow.started
    falling = reached[::-1]
    return RelevanceLedger(target_row.query.targets, stages, kinds, falling[:-1], falling[1:], absorbed)


def _booked(flow: Flow, stages: tuple[str, ...], kinds: tuple[str, ...]) -> Floats:
    """float64[stages, kinds, targets]: the entries of the book, added up."""
    total = np.zeros((len(stages), len(kinds), len(flow.values)))
    for entry, amount in zip(flow.book.entries, flow.absorbed, strict=True):
        total[stages.index(entry.stage), kinds.index(entry.kind)] += amount
    return total
