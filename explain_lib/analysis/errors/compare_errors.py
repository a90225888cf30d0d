"""`compare_errors`: did a second model mend the errors of a first, class by class?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, not_available
from explain_lib.perturbation.streams import Rng, settled
from explain_lib.statistics import (
    FEWEST_DOCUMENTS, Bootstrapped, bootstrap_statistics, holm, sign_flip_p, sum_by_document,
)  # fmt: skip

from .comparison import ErrorComparison
from .errors import EntityErrors
from .outcome import ErrorClass

Floats = npt.NDArray[np.float64]
NAMES = (*map(str, ErrorClass), "all errors")
_FIGURES = ("precision", "recall", "F1")


def compare_errors(before: EntityErrors, after: EntityErrors, rng: Rng = 0) -> ErrorComparison:
    """Compare the errors of two models on the same documents.

    Counts of each class are compared document by document: the difference of their sums, with an interval that draws
    whole documents again, and with a sign-flip test where there are at least 20 documents, Holm over classes. Strict
    precision, recall and F1 of both models are computed on the same draws. A figure that no document changes has no
    interval: drawing nothing again gives nothing. `rng` draws.

    Raises ValueError for errors of other documents, other gold spans or other wholes.
    """
    _check(before, after)
    seed = settled(rng, "compared errors")
    counts = [_class_counts(one) for one in (before, after)]
    sums = np.concatenate([*counts, _spans(before), _spans(after)], axis=1)
    found = bootstrap_statistics(sums, _gains, seed)
    n, p_values, note = len(counts[0]), np.full(len(NAMES), np.nan), ""
    if n < FEWEST_DOCUMENTS:
        note = f"No test: it needs at least {FEWEST_DOCUMENTS} documents and there {'is' if n == 1 else 'are'} {n}."
    else:
        p_values = holm([sign_flip_p(change, np.random.default_rng(seed)) for change in (counts[1] - counts[0]).T])
    k = len(NAMES)
    return ErrorComparison(
        before, after, (*map(_count_measure, NAMES, found[:k]), *map(_score_measure, _FIGURES, found[k:])),
        dict(zip(NAMES, p_values.tolist(), strict=True)), note,
    )  # fmt: skip


def _class_counts(errors: EntityErrors) -> Floats:
    """float[wholes, classes + 1]: entities of each class, and errors of any, in each whole document."""
    table = np.zeros((len(errors.documents), len(ErrorClass) + 1))
    place = {error: k for k, error in enumerate(ErrorClass)}
    for one in errors.outcomes:
        table[one.text, place[one.error]] += 1
        table[one.text, -1] += one.error is not ErrorClass.CORRECT  # all errors
    return sum_by_document(table, errors.wholes)


def _count_measure(name: str, found: Bootstrapped) -> Measure:
    scale, is_better = "entities, after − before; n = documents", name == ErrorClass.CORRECT
    interval, note = _interval(found)
    return Measure(name, found.value, interval, found.n_documents, scale, is_better, note=note)


def _interval(found: Bootstrapped) -> tuple[tuple[float, float] | None, str]:
    """The interval and its note; none where all draws are the same: that is no certainty about other documents."""
    if found.interval is None or found.interval[0] != found.interval[1]:
        return found.interval, found.note
    return None, "every document changes alike" if found.value else "no document differs"


def _spans(errors: EntityErrors) -> Floats:
    """float[wholes, 3]: correct, gold and predicted spans."""
    table = np.zeros((len(errors.documents), 3))
    table[:, 1] = [len(spans) for spans in errors.spans.gold]
    table[:, 2] = [len(spans) for spans in errors.spans.predicted]
    for one in errors.select(ErrorClass.CORRECT):
        table[one.text, 0] += 1
    return sum_by_document(table, errors.wholes)


def _gains(sums: Floats) -> Floats:
    """float[..., names + figures] of counts and spans [..., 2 (names + 3)], after − before."""
    counts, spans = sums[..., : 2 * len(NAMES)], sums[..., 2 * len(NAMES) :]
    old, new = np.split(counts, 2, axis=-1)
    before, after = (_figures(part) for part in np.split(spans, 2, axis=-1))
    return np.concatenate([new - old, after - before], axis=-1)


def _figures(sums: Floats) -> Floats:
    """Strict precision, recall and F1 of (correct, gold, predicted); NaN where there is nothing to divide by."""
    correct, gold, predicted = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.stack([correct / predicted, correct / gold, 2 * correct / (gold + predicted)], axis=-1)
    return np.where(np.isfinite(values), values, np.nan)


def _score_measure(name: str, found: Bootstrapped) -> Measure:
    scale = "after − before, −1 to 1, strict; n = documents"
    if np.isnan(found.value):
        return not_available(name, "one of the models or the corpus has no such spans", scale, n=found.n_documents)
    interval, note = _interval(found)
    return Measure(name, found.value, interval, found.n_documents, scale, True, note=note)


def _check(before: EntityErrors, after: EntityErrors) -> None:
    def same(one: Sequence[object], other: Sequence[object]) -> bool:
        return list(one) == list(other)

    texts = ([d.text for d in errors.documents] for errors in (before, after))
    if not same(*texts) or not same(before.wholes, after.wholes):
        raise ValueError(
            f"the errors are about other documents ({len(before.documents)} and {len(after.documents)} texts); compare "
            "entity_errors of the same list, with the same `group`."
        )
    if not all(sorted(a) == sorted(b) for a, b in zip(before.spans.gold, after.spans.gold, strict=True)):
        raise ValueError("the gold spans differ; give both calls of entity_errors the same documents and `labels`.")
