"""`randomization`: the same question put to models with random weights, whose explanations must differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Method
from explain_lib.attribution.explain import explain, provenance_of
from explain_lib.core import Attribution, Measure, not_available
from explain_lib.core.interval import interval_of_mean
from explain_lib.evaluation.compared_units import ARMS, compared_units
from explain_lib.models.protocols import Randomizable
from explain_lib.perturbation import Query
from explain_lib.perturbation.streams import Rng, describe, seed_for
from explain_lib.statistics import chance_corrected, corrected_similarity, spearman

from .report import RandomizationReport

Floats = npt.NDArray[np.float64]
Place = tuple[int, int]
SIMILAR, RANK = "similarity after randomisation", "rank correlation of sizes after randomisation"
OTHER_SEED = ", same model and another seed"
SCALE = "chance-corrected, −1 to 1; n random models"
LEAST_UNITS = 2
_ARRAYS = {SIMILAR: ("similarity", "other_seed"), RANK: ("rank", "other_seed_rank")}


def randomization(query: Query, method: Method, rng: Rng = 0, n_models: int = 3) -> RandomizationReport:
    """Explain a query with the model and with copies whose weights are drawn anew, in both arms, and compare.

    An explanation that stays the same looks at the text and not at the model: similarities must be near 0. Read the
    context arm: a span's own units carry most of its score under random weights too. Every weight tensor is redrawn
    from a normal with its own mean and deviation. Similarity is the chance-corrected mean of cosine, Jensen-Shannon
    similarity, Spearman and top-k, as in stability; the rank correlation is that of absolute scores. Beside each: the
    same model explained with another seed, which says how alike two explanations can be.
    Cost: n_models + 2 explanations for each arm, and the memory of one copy of the weights at a time. Source: Adebayo
    et al. (2018). Raises ValueError for a query without targets, and what `explain` raises.
    """
    if n_models < 1:
        raise ValueError(f"n_models is {n_models}; give at least 1 random model.")
    source = describe(rng)
    seeds = [int(one) for one in seed_for(rng, "randomization").generate_state(n_models + 3, np.uint32)]
    (own, n_own), (again, n_again) = (_explained(query, method, seed) for seed in seeds[:2])
    shape = len(query.targets), len(ARMS)
    found = {name: np.full((n_models, *shape), np.nan) for name in ("similarity", "rank")}
    found |= {name: np.full(shape, np.nan) for name in ("other_seed", "other_seed_rank")}
    _compare_all(own, again, (found["other_seed"], found["other_seed_rank"]), seeds[2])
    counts = {"the model": n_own, "another seed": n_again, "random weights": 0}
    if isinstance(query.model, Randomizable):
        for k, seed in enumerate(seeds[3:]):
            other, n_rows = _explained(query.on_model(query.model.randomized(seed)), method, seeds[0])
            _compare_all(own, other, (found["similarity"][k], found["rank"][k]), seeds[2])
            counts["random weights"] += n_rows
    measures = [measure for place in np.ndindex(*shape) for measure in _measures(query, method, own, found, place)]
    details = {"method": repr(method), "n_models": n_models}
    return RandomizationReport(
        query.units, query.targets, tuple(measures), found, details, counts, provenance_of(query, source)
    )


def _explained(query: Query, method: Method, seed: int) -> tuple[dict[Place, Attribution], int]:
    """The attribution of each target in each arm that it has, and how many rows they asked for."""
    whole = explain(query, method, seed)
    found, n_rows = {(t, ARMS.index(query.arm)): whole.target(t) for t in range(len(query.targets))}, whole.n_evals
    for t, target in enumerate(query.targets):
        if query.arm == ARMS[0] and target.span is not None:
            found[t, 1] = whole.target(t)
            if query.hiding.keeps_length:  # else its own units are never hidden anyway
                found[t, 1] = explain(query.with_targets([target]).context(), method, seed)
                n_rows += found[t, 1].n_evals
    return found, n_rows


def _compare_all(
    own: Mapping[Place, Attribution], other: Mapping[Place, Attribution], into: tuple[Floats, Floats], seed: int
) -> None:
    """Write the similarity and the rank correlation of each pair of attributions."""
    for place, one in own.items():
        units = compared_units(one, 0, ARMS[place[1]])
        if isinstance(units, str) or units.sum() < LEAST_UNITS:
            continue
        a, b = one.scores[units, 0], other[place].scores[units, 0]
        into[0][place] = corrected_similarity(a, b, rng=seed)
        into[1][place] = chance_corrected([spearman.of_sizes], a, b, rng=seed)[0]


def _measures(
    query: Query, method: Method, own: Mapping[Place, Attribution], found: Mapping[str, Floats], place: Place
) -> Iterator[Measure]:
    target, arm = query.targets[place[0]], ARMS[place[1]]
    about = {"target": target.name, "arm": arm, "method": repr(method)}
    for name, (random, other_seed) in _ARRAYS.items():
        values, reference = found[random][:, *place], float(found[other_seed][place])
        why = _why_not(query, own, place)
        if why:
            yield not_available(name, why, SCALE, about)
            continue
        yield Measure(
            name, float(values.mean()), interval_of_mean(values, (-1.0, 1.0)), len(values), SCALE, False, about
        )
        yield Measure(name + OTHER_SEED, reference, None, 1, SCALE, None, about)


def _why_not(query: Query, own: Mapping[Place, Attribution], place: Place) -> str:
    if not isinstance(query.model, Randomizable):
        return "the model offers no copy with random weights"
    if place not in own:
        return (
            "the query is the context arm" if query.arm == ARMS[1]
            else "the target is about the text as a whole and has no units of its own"
        )  # fmt: skip
    units = compared_units(own[place], 0, ARMS[place[1]])
    if isinstance(units, str):
        return units
    return "" if units.sum() >= LEAST_UNITS else f"fewer than {LEAST_UNITS} units may be hidden"
