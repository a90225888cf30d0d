"""Faithfulness beside stability: what never looks at the model may be perfectly stable, and this is where it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Measure, not_available
from explain_lib.core.interval import interval_of
from explain_lib.evaluation.faithfulness import Infidelity, infidelity
from explain_lib.evaluation.faithfulness.measures import ON_OWN
from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.streams import Rng

Bools = npt.NDArray[np.bool_]
SHARE, EVERYWHERE = "explained share", ", the same score everywhere"


def faithful(
    query: Query, attribution: Attribution, abouts: Sequence[Mapping[str, str]], n_rows: int, rng: Rng
) -> Iterator[Measure]:
    """Infidelity, and the share of the score's changes that the explanation accounts for, target by target.

    Over `n_rows` fresh rows, each of which hides a uniformly drawn number of units: those of `faithfulness` with the
    same `rng`. Hiding more words takes more of a score, so that scores of one sign explain much for nothing: the share
    of the same score for every unit stands beside, and that of all on the span's own units.
    """
    for at, part in query.parts():
        yield from _of_window(part, attribution, at, [abouts[i] for i in at], evaluation_rows(part, n_rows, rng))


def _of_window(
    query: Query, attribution: Attribution, at: Sequence[int], abouts: Sequence[Mapping[str, str]], keep: Bools
) -> Iterator[Measure]:
    """The targets of one window, by their places `at` in the attribution."""
    if not len(keep):
        yield from (not_available("infidelity", "no unit may be hidden", about=about) for about in abouts)
        return
    changes = attribution.full_value[list(at)] - query.value(keep)
    hidden = (~keep).astype(np.float64)
    for i, about, lost in zip(at, abouts, changes.T, strict=True):
        active, span = attribution.active[:, i], attribution.targets[i].span
        own = active & (span is not None and query.units.inside(span))
        found = infidelity(hidden @ attribution.scores[:, i], lost)
        yield _infidelity(found, query.score, about)
        yield _share(SHARE, found, about, "the explanation is 0 everywhere")
        none_own = "no unit of the target's own may be hidden"
        for name, control, empty in (EVERYWHERE, active, "no unit may be hidden"), (ON_OWN, own, none_own):
            yield _share(SHARE + name, infidelity(hidden @ control, lost), about, empty)


def _infidelity(found: Infidelity, score: str, about: Mapping[str, str]) -> Measure:
    interval = interval_of(found.value, found.std_error, found.n_rows - 1, (0.0, np.inf))
    scale = f"squared change of the {score.replace('_', '-')}, 0 and up"
    return Measure("infidelity", found.value, interval, found.n_rows, scale, False, about)


def _share(name: str, found: Infidelity, about: Mapping[str, str], empty: str) -> Measure:
    if np.isnan(found.share):
        why = empty if found.nothing > 0 else "hiding units never changes the score"
        return not_available(name, why, about=about)
    scale = "share of the score's changes, at most 1"
    return Measure(name, found.share, None, found.n_rows, scale, True, about)
