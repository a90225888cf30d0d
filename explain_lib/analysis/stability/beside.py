"""Faithfulness beside stability: a constant explanation is perfectly stable, and this is where it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng

LAW = "rows hide a uniformly drawn number of active units"


def faithful(
    query: Query, attribution: Attribution, abouts: list[Mapping[str, str]], n_rows: int, rng: Rng
) -> Iterator[Measure]:
    """Infidelity, and the share of the score's changes that the explanation accounts for, target by target.

    `infidelity` is the mean of (sum of the scores of the hidden units − what the score loses)² over `n_rows` fresh
    rows; `explained_change` is 1 − its smallest value over all scalings of the explanation / the mean squared loss,
    which does not care for the scale of a method: 1 accounts for everything, 0 for nothing.
    """
    keep = evaluation_rows(query, n_rows, rng)
    if not len(keep):
        for about in abouts:
            yield not_available("infidelity", "no unit may be hidden", about=about)
        return
    lost = attribution.full_value - query.value(keep & query.full_row)
    told = (~keep).astype(np.float64) @ attribution.scores
    for i, about in enumerate(abouts):
        errors = (told[:, i] - lost[:, i]) ** 2
        half = 1.96 * float(errors.std(ddof=1)) / np.sqrt(len(errors)) if len(errors) > 1 else np.inf
        mean = float(errors.mean())
        scale = f"squared change of {query.score}, 0 and up; {LAW}"
        yield Measure("infidelity", mean, (max(0.0, mean - half), mean + half), len(keep), scale, False, about)
        both = float(told[:, i] @ lost[:, i])
        size = float(told[:, i] @ told[:, i]) * float(lost[:, i] @ lost[:, i])
        if size == 0:
            yield not_available("explained_change", "the explanation or the score never changes", about=about)
            continue
        share = max(both, 0.0) ** 2 / size
        yield Measure("explained_change", share, None, len(keep), f"share, 0 to 1; {LAW}", True, about)
