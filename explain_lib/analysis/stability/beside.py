"""Faithfulness beside stability: a constant explanation is perfectly stable, and this is where it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.core.interval import half_width
from explain_lib.evaluation.faithfulness import Infidelity, infidelity
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng


def faithful(
    query: Query, attribution: Attribution, abouts: Sequence[Mapping[str, str]], n_rows: int, rng: Rng
) -> Iterator[Measure]:
    """Infidelity, and the share of the score's changes that the explanation accounts for, target by target.

    Over `n_rows` fresh rows, each of which hides a uniformly drawn number of units: those of `faithfulness` with the
    same `rng`.
    """
    keep = evaluation_rows(query, n_rows, rng)
    if not len(keep):
        yield from (not_available("infidelity", "no unit may be hidden", about=about) for about in abouts)
        return
    lost = attribution.full_value - query.value(keep)
    told = (~keep).astype(np.float64) @ attribution.scores
    for i, about in enumerate(abouts):
        yield from _of_target(infidelity(told[:, i], lost[:, i]), query.score, about)


def _of_target(found: Infidelity, score: str, about: Mapping[str, str]) -> Iterator[Measure]:
    half = float(half_width(np.array(found.std_error), np.array(found.n_rows - 1.0), 0.95))
    interval = None if np.isnan(half) else (max(0.0, found.value - half), found.value + half)
    scale = f"squared change of the {score.replace('_', '-')}, 0 and up"
    yield Measure("infidelity", found.value, interval, found.n_rows, scale, False, about)
    share = found.share
    if np.isnan(share):
        yield not_available(
            "explained share", "the explanation is 0 everywhere or the score never changes", about=about
        )
        return
    scale = "share of the score's changes, at most 1"
    yield Measure("explained share", share, None, found.n_rows, scale, True, about)
