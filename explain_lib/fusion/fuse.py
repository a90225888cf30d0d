"""`fuse`: attributions that are there already, and a query, in; one attribution out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.explain import explain
from explain_lib.core import Attribution
from explain_lib.core.records import SavedMethod
from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng

from .blend import Fusion
from .fused import Fused, check_fusion, check_members, checked, estimate_of, seed_of
from .gather import Gathering


def fuse(
    attributions: Sequence[Attribution], query: Query, fusion: Fusion, rng: Rng = 0, bank: Bank | None = None
) -> Attribution:
    """One attribution from several of the same query: same units, targets, arm and score.

    `fusion` is JointFusion, MeanFusion, RankFusion, PrecisionFusion, GateFusion or a LearnedGate, with its settings.
    Give the `rng` of the attributions, so that rows are shared. Edits come from `bank` (its label-keeping ones), or
    are drawn. `result.fusion` holds members, weights, local shares, scales, losses, notes in words, and the rows by
    part, without those of the attributions. `result.method` is the fused method, which can be run on other texts.

    Raises ValueError for no attributions, for ones that do not belong to the query or do not fit each other, and for
    loaded ones where the fusion must run their methods again; TypeError for what is no fusion.
    """
    _check(attributions, query)
    check_fusion(fusion)
    methods = [attribution.method for attribution in attributions]
    saved = any(isinstance(method, SavedMethod) for method in methods)
    if saved and (fusion.calibration.n_edits or fusion.calibration.n_near):
        raise ValueError(
            f"{fusion!r} must run the members again, but an attribution that was loaded knows only the name of its "
            "method. Explain the query again, or use MeanFusion or RankFusion."
        )
    if not saved:
        check_members(methods)
    found = explain(query, _Given(fusion, bank, tuple(attributions)), rng)
    assert found.fusion is not None
    known = sum(attribution.n_evals for attribution in attributions)
    detail = replace(found.fusion, n_evals={**found.fusion.n_evals, "given attributions": known})
    method = SavedMethod(f"Fused(methods={tuple(methods)!r}, fusion={fusion!r})") if saved else Fused(methods, fusion)
    return replace(found, method=method, fusion=detail)


@dataclass(frozen=True)
class _Given:
    """A fused method whose members have been run already."""

    fusion: Fusion
    bank: Bank | None
    attributions: tuple[Attribution, ...]

    def attribute(self, question: Query | Game, rng: np.random.Generator) -> Estimate:
        """The columns of the question's targets, and what the fusion asks besides."""
        query, seed = checked(question), seed_of(rng)
        at = [self.attributions[0].targets.index(target) for target in query.targets]
        known = tuple(_columns(attribution, at) for attribution in self.attributions)
        methods = tuple(attribution.method for attribution in self.attributions)
        gathering = Gathering(query, methods, self.fusion.calibration, seed, self.bank, known)
        gathered = gathering.gathered()
        return estimate_of(gathered, [self.fusion.blend(evidence) for evidence in gathered.evidence])


def _columns(attribution: Attribution, at: list[int]) -> Estimate:
    dof = np.where(attribution.active, attribution.dof, np.inf).min(axis=0, initial=np.inf)
    return Estimate(
        attribution.scores[:, at], attribution.std_error[:, at], dof[at], attribution.base_value[at],
        attribution.full_value[at], attribution.n_evals,
    )  # fmt: skip


def _check(attributions: Sequence[Attribution], query: Query) -> None:
    if not attributions:
        raise ValueError("there are no attributions to fuse; give at least one.")
    active = np.zeros((query.n_units, query.n_targets), dtype=bool)
    for at, part in query.parts():
        active[:, at] = part.active[:, None]
    for attribution in attributions:
        name = repr(attribution.method)
        if not np.array_equal(attribution.units.bounds, query.units.bounds) or (
            attribution.units.document.text != query.document.text
        ):
            raise ValueError(f"the attribution by {name} has other units than the query; explain this query with it.")
        if attribution.targets != query.targets:
            raise ValueError(
                f"the attribution by {name} is about other targets than the query; explain this query with it, or ask "
                "query.with_targets(attribution.targets)."
            )
        said = attribution.provenance
        if said.arm != query.arm or not np.array_equal(attribution.active, active):
            raise ValueError(
                f"the attribution by {name} was made in the arm {said.arm!r} and the query asks in {query.arm!r}, or "
                "they hide different units; explain this very query with every member."
            )
        if said.score != query.score:
            raise ValueError(
                f"the attribution by {name} explains {said.score!r} and the query asks for {query.score!r}; fuse what "
                "explains the same number."
            )
