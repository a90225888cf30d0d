"""Faithfulness beside stability: what never looks at the model may be perfectly stable, and this is where it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.core.interval import interval_of
from explain_lib.evaluation.faithfulness import Infidelity, infidelity
from explain_lib.evaluation.faithfulness.measures import ON_OWN
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng

SHARE, EVERYWHERE = "explained share", ", the same score everywhere"


def faithful(
    query: Query, attribution: Attribution, abouts: Sequence[Mapping[str, str]], n_rows: int, rng: Rng
) -> Iterator[Measure]:
    """Infidelity, and the share of the score's changes that the explanation accounts for, target by target.

    Over `n_rows` fresh rows, each of which hides a uniformly drawn number of units: those of `faithfulness` with the
    same `rng`. Hiding more words takes more of a score, so that scores of one sign explain much for nothing: the share
    of the same score for every unit stands beside, and that of all on the span's own units.
    """
    keep = evaluation_rows(query, n_rows, rng)
    if not len(keep):
        yield from (not_available("infidelity", "no unit may be hidden", about=about) for about in abouts)
        return
    lost = attribution.full_value - query.value(keep)
    hidden = (~keep).astype(np.float64)
    for i, (target, about) in enumerate(zip(attribution.targets, abouts, strict=True)):
        active = attribution.active[:, i]
        own = active & (target.span is not None and query.units.inside(target.span))
        found = infidelity(hidden @ attribution.scores[:, i], lost[:, i])
        yield _infidelity(found, query.score, about)
        yield _share(SHARE, found, about, "the explanation is 0 everywhere")
        for name, control, empty in (EVERYWHERE, active, "no unit may be hidden"), (ON_OWN, own, "none may be hidden"):
            yield _share(SHARE + name, infidelity(hidden @ control, lost[:, i]), about, empty)


def _infidelity(found: Infidelity, score: str, about: Mapping[str, str]) -> Measure:
    interval = interval_of(found.value, found.std_error, found.n_rows - 1, (0.0, np.inf))
    scale = f"squared change of the {score.replace('_', '-')}, 0 and up"
    return Measure("infidelity", found.value, interval, found.n_rows, scale, False, about)


def _share(name: str, found: Infidelity, about: Mapping[str, str], empty: str) -> Measure:
    if np.isnan(found.share):
        return not_available(name, f"{empty} or the score never changes", about=about)
    scale = "share of the score's changes, at most 1"
    return Measure(name, found.share, None, found.n_rows, scale, True, about)
