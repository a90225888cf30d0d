"""Which targets are judged in which arm, with which scores; or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from explain_lib.core import SCORES, Attribution, Score, Target
from explain_lib.evaluation.compared_units import ALL, ARMS, CONTEXT
from explain_lib.perturbation import Query

from .orders import Bools, Floats, Ints


@dataclass(eq=False)
class Asked:
    """Counts distinct rows by the part of the evaluation that asked for them first; their sum counts each row once."""

    counts: dict[str, int] = field(default_factory=dict)
    _seen: set[tuple[int, bytes]] = field(default_factory=set)

    def note(self, part: str, keys: list[tuple[int, bytes]]) -> None:
        """Count the keys that no part asked for before."""
        fresh = set(keys) - self._seen
        self._seen |= fresh
        self.counts[part] = self.counts.get(part, 0) + len(fresh)


@dataclass(frozen=True, eq=False)
class Case:
    """One target in one arm: `query` asks for it as target `column`, `scores` float[active] judge its active units.

    `active` int[active] numbers the units that may be hidden, `own` bool[active] those of the target's span.
    """

    place: tuple[int, int]
    query: Query
    column: int
    active: Ints
    scores: Floats
    score: Score
    asked: Asked

    @property
    def target(self) -> Target:
        """What is explained."""
        return self.query.targets[self.column]

    @property
    def own(self) -> Bools:
        """bool[active]: units of the target's own span."""
        span = self.target.span
        inside = np.zeros(self.query.n_units, dtype=bool) if span is None else self.query.units.inside(span)
        return inside[self.active]

    def asks(self, part: str, score: Score) -> Callable[[Bools], Floats]:
        """The target's `score` in rows keep bool[n, active], noted as rows of that part of the evaluation."""
        query, (_, window) = self.query.with_score(score), list(self.query.events())[self.column]

        def ask(keep: Bools) -> Floats:
            rows = np.ones((len(keep), query.n_units), dtype=bool)
            rows[:, self.active] = keep
            self.asked.note(part, query.evaluations.keys(window, rows & query.full_row)[0])
            return query.value(rows)[:, self.column]

        return ask


@dataclass(frozen=True)
class NoCase:
    """A target that cannot be judged in an arm, and why."""

    place: tuple[int, int]
    because: str


def cases(attribution: Attribution, query: Query, asked: Asked) -> Iterator[Case | NoCase]:
    """Every target of the attribution in both arms, targets first.

    Raises ValueError for an attribution of other units, or of targets that the query does not have.
    """
    check_alike(attribution, query)
    parts = {query.targets[i]: (part, k) for at, part in query.parts() for k, i in enumerate(at)}
    for t, target in enumerate(attribution.targets):
        for a, arm in enumerate(ARMS):
            yield _case((t, a), arm, *parts[target], attribution, asked)


def check_alike(attribution: Attribution, query: Query) -> None:
    """Raise ValueError where the attribution is not about the text, the units or the targets of the query."""
    units, own = attribution.units, query.units
    if not attribution.targets:
        raise ValueError("the attribution has no targets; explain a query that has at least one.")
    if units.document.text != own.document.text:
        raise ValueError("the attribution is about another text than the query; explain this query: explain(query, …).")
    if not np.array_equal(units.bounds, own.bounds):
        raise ValueError(
            f"the attribution scores {len(units)} units and the query has {len(own)}, or their bounds differ; explain "
            "this query, or build the query with the attribution's units: Query(…, units=attribution.units)."
        )
    missing = [target.name for target in attribution.targets if target not in query.targets]
    if missing:
        have = ", ".join(target.name for target in query.targets) or "none"
        raise ValueError(
            f"the query does not have the attribution's targets {', '.join(missing)}; it has {have}. "
            "Use query.with_targets(attribution.targets)."
        )


def _case(  # noqa: PLR0913  # what makes a case
    place: tuple[int, int], arm: str, query: Query, column: int, attribution: Attribution, asked: Asked
) -> Case | NoCase:
    target, t = query.targets[column], place[0]
    because = _why_not(arm, query, target, attribution.provenance.arm)
    if because:
        return NoCase(place, because)
    if arm == CONTEXT and query.arm == ALL and query.hiding.keeps_length:
        query, column = query.with_targets([target]).context(), 0  # else its own units are never hidden anyway
    active, scores = np.flatnonzero(query.active), attribution.scores[:, t]
    if not len(active):
        return NoCase(place, "no unit may be hidden: " + _kept(arm, target))
    if not attribution.active[active, t].all():
        n = int((~attribution.active[active, t]).sum())
        return NoCase(place, f"the attribution gives no score to {n} of the {len(active)} units that may be hidden")
    if not np.isfinite(scores[active]).all():
        return NoCase(place, "some scores are not finite numbers")
    score = next((name for name in SCORES if name == attribution.provenance.score), query.score)
    return Case(place, query, column, active, scores[active], score, asked)


def _why_not(arm: str, query: Query, target: Target, made_in: str) -> str:
    if arm == CONTEXT:
        return "" if target.span else "the target is about the text as a whole and has no units of its own"
    if query.arm == CONTEXT:
        return "the query is the context arm, which always keeps the span's own units"
    return "the attribution was made in the context arm and says nothing of the span's own units" * (made_in == CONTEXT)


def _kept(arm: str, target: Target) -> str:
    return "the span is as long as the text" if arm == CONTEXT and target.span else "all of them are always kept"
