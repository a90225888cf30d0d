"""`agreement`: attributions of one question by several methods, an AgreementReport out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.evaluation.compared_units import ARMS, check_same_question, compared_units
from explain_lib.perturbation.streams import Rng, describe, stream
from explain_lib.statistics import SIMILARITIES, Similarity, chance_corrected, spearman, top_k_jaccard

from .report import AgreementReport
from .sign_agreement import sign_agreement

LEAST_UNITS = 2
NAMES = {
    "rank": "rank agreement", "top_k": "top-k agreement", "sign": "sign agreement", "overall": "agreement",
}  # fmt: skip
SCALE = "chance-corrected, −1 to 1; mean over pairs of methods"


def agreement(attributions: Sequence[Attribution], rng: Rng = 0, by_size: bool = False) -> AgreementReport:
    """Compare every pair of attributions of the same question: by rank, by strongest units, by sign, and overall.

    Rank is Spearman's correlation, top-k the Jaccard index of the strongest fifth, sign the share of equal signs;
    overall is the mean of cosine, Jensen-Shannon similarity, Spearman and top-k, as in stability. Each is corrected
    for chance: (s − s0) / (1 − s0), s0 the mean over 100 shuffles of the units (seeded by `rng`). `by_size` compares
    absolute scores, signs left as they are. An attribution of all units counts in the context arm by its scores of the
    other units; one made in the context arm counts in that arm only. Costs no model row.

    Methods that agree may all be wrong: agreement is no sign of faithfulness. Raises ValueError for fewer than two
    attributions, and for those of different texts, units or targets.
    """
    if len(attributions) < 2:  # noqa: PLR2004  # a pair
        raise ValueError(f"agreement compares at least 2 attributions, got {len(attributions)}.")
    check_same_question(attributions)
    first, n = attributions[0], len(attributions)
    shape = n, n, len(first.targets), len(ARMS)
    arrays: dict[str, npt.NDArray[Any]] = {name: np.full(shape, np.nan) for name in AgreementReport.ARRAYS}
    measures: list[Measure] = []
    for t, target in enumerate(first.targets):
        for a, arm in enumerate(ARMS):
            about, why = {"target": target.name, "arm": arm}, _compare(attributions, (t, a), arrays, rng, by_size)
            measures.extend(
                not_available(label, why, SCALE, about) if why else _mean(arrays[name][:, :, t, a], label, about)
                for name, label in NAMES.items()
            )
    details = {"methods": _names(attributions), "by_size": by_size, "rng": describe(rng)}
    return AgreementReport(first.units, first.targets, tuple(measures), arrays, details, {}, first.provenance)


def _compare(
    attributions: Sequence[Attribution], place: tuple[int, int], arrays: dict[str, Any], rng: Rng, by_size: bool
) -> str:
    """Write the pairs of one target and arm into the arrays; or say why there is nothing to compare."""
    t, arm = place[0], ARMS[place[1]]
    found = [compared_units(one, t, arm) for one in attributions]
    units = np.ones(len(attributions[0].units), dtype=bool)
    for one in found:
        if isinstance(one, str):
            return one
        units &= one
    if units.sum() < LEAST_UNITS:
        return f"fewer than {LEAST_UNITS} units are scored by all methods"
    scores = np.array([one.scores[units, t] for one in attributions])
    i, j = np.triu_indices(len(attributions))
    own = tuple(one.of_sizes if by_size else one for one in (spearman, top_k_jaccard))
    three: tuple[Similarity, ...] = (*own, sign_agreement)
    four = tuple(one.of_sizes if by_size else one for one in SIMILARITIES)
    corrected = chance_corrected((*three, *four), scores[i], scores[j], rng=stream(rng, "agreement"))
    written = dict(zip(("rank", "top_k", "sign"), corrected[:3], strict=True)) | {"overall": corrected[3:].mean(axis=0)}
    written |= {
        f"{name}_raw": one(scores[i], scores[j]) for name, one in zip(("rank", "top_k", "sign"), three, strict=True)
    }
    for name, values in written.items():
        arrays[name][i, j, *place] = arrays[name][j, i, *place] = values
    return ""


def _mean(matrix: npt.NDArray[np.float64], name: str, about: dict[str, str]) -> Measure:
    pairs = np.array([matrix[i, j] for i, j in combinations(range(len(matrix)), 2)])
    note = f"pairs from {pairs.min():.2f} to {pairs.max():.2f}"
    return Measure(name, float(pairs.mean()), None, len(pairs), SCALE, None, about, note)


def _names(attributions: Sequence[Attribution]) -> list[str]:
    """The methods' reprs, numbered where one stands twice."""
    seen: Counter[str] = Counter()
    names = []
    for one in attributions:
        name = repr(one.method)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names
