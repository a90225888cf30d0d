"""`faithfulness`: an attribution and the question it answers in, a FaithfulnessReport out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from explain_lib.attribution.explain import provenance_of
from explain_lib.core import Attribution, Measure
from explain_lib.evaluation.compared_units import ARMS
from explain_lib.perturbation import Query
from explain_lib.perturbation.streams import Rng, describe, seed_for

from .arms import Asked, NoCase, cases
from .arrays import report_arrays
from .findings import findings, ground
from .measures import Judged, missing_measures
from .readings import curve_scale
from .report import FaithfulnessReport
from .settings import FaithfulnessSettings


def faithfulness(
    attribution: Attribution,
    query: Query,
    rng: Rng = 0,
    settings: FaithfulnessSettings = FaithfulnessSettings(),  # noqa: B008  # frozen
) -> FaithfulnessReport:
    """Judge an attribution by what the model does when units are hidden, in both arms, with controls beside it.

    For each target and arm: comprehensiveness p(full) − p(the first k hidden) and sufficiency p(full) − p(only the
    first k kept), units by falling score, at thresholds in per cent of the units that may be hidden (k rounded, at
    least 1), and their means (AOPC); areas over the deletion and the insertion curve, the same over every k, and as a
    share of the way from the worst to the best order (NAOPC); infidelity E[(I·phi − df)²] over rows that hide a uniform
    number of units, and what is left of it after the best factor; Kendall's tau against leave-one-out.

    Curves are on the probability of the target, whatever score was explained (a contrast or margin has none: its own
    scale); infidelity and leave-one-out on the score that was explained. An attribution of all units is judged in the
    context arm by its scores of the other units, as they are, which also hold what these do with the span's own units:
    infidelity there is fair only to `explain(query.context(), …)`. An attribution made there is judged there only. Only
    attributions of one query and `rng` may be compared: they share rows, random orders and bounds. Targets of a query
    share the rows of the all-units arm. Cost by part in `n_evals`, each distinct row counted once; for n units and the
    default settings about 128 + 1000 + n + 2n rows, and up to 3000 or n(n − 1) for bounds, whichever is more.

    Sources: DeYoung et al. (2020), Samek et al. (2017), Edin et al. (2024), Yeh et al. (2019), Attanasio et al. (2023).
    Raises ValueError for an attribution of another text, other units, or targets that the query does not have. What
    cannot be measured (no unit to hide, a single one, the other arm) is in the report as not available, with a reason.
    """
    source = describe(rng)
    seed, asked = _seed(rng), Asked()
    measures: list[Measure] = []
    judged: list[Judged] = []
    for case in cases(attribution, query, asked):
        target, arm = attribution.targets[case.place[0]], ARMS[case.place[1]]
        about = {"target": target.name, "arm": arm, "method": repr(attribution.method)}
        if isinstance(case, NoCase):
            measures.extend(missing_measures(case.because, about))
            continue
        found = ground(case, settings, seed)
        judged.append(Judged(case, found, findings(case, found, settings, seed), settings, about))
        measures.extend(judged[-1].measures())
    return FaithfulnessReport(
        query.units, attribution.targets, tuple(measures), report_arrays(attribution, judged, settings),
        _details(attribution, judged, settings), asked.counts,
        replace(provenance_of(query, source), arm=" and ".join(_arms(judged))),
    )  # fmt: skip


def _seed(rng: Rng) -> int:
    """One int for all streams of the evaluation, so that every target gets the same rows; an int stands for itself."""
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        return int(rng)
    return int(seed_for(rng, "faithfulness").generate_state(1, np.uint32)[0])


def _arms(judged: Sequence[Judged]) -> list[str]:
    return [arm for arm in ARMS if any(one.about["arm"] == arm for one in judged)]


def _details(attribution: Attribution, judged: Sequence[Judged], settings: FaithfulnessSettings) -> dict[str, Any]:
    """How it was judged, in plain values."""
    return {
        "method": repr(attribution.method),
        "settings": repr(settings),
        "scales": [curve_scale(target) for target in attribution.targets],
        "units_hidden": {f"{one.about['target']}, {one.about['arm']}": len(one.case.active) for one in judged},
        "infidelity_law": "each row hides a uniform number of the units that may be hidden, 1 to all, drawn uniformly",
    }
