"""`compare_errors`: did a second model mend the errors of a first, class by class?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, not_available
from explain_lib.perturbation.streams import Rng, settled
from explain_lib.statistics import (
    Bootstrapped, PairedComparison, PairedTests, bootstrap_statistics, compare_paired, holm, sum_by_document,
)  # fmt: skip

from .comparison import ErrorComparison
from .errors import EntityErrors
from .outcome import ErrorClass

Floats = npt.NDArray[np.float64]
ALL_ERRORS = "all errors"
_FIGURES = ("precision", "recall", "F1")


def compare_errors(before: EntityErrors, after: EntityErrors, rng: Rng = 0) -> ErrorComparison:
    """Compare the errors of two models on the same documents.

    Counts of each class are compared document by document (`compare_paired`): the difference of their sums, with an
    interval that draws whole documents again, and with a test where there are at least 20 documents, Holm over classes.
    Strict precision, recall and F1 of both models are computed on the same draws. A class that no document has more or
    less often has no interval: drawing nothing again gives nothing. `rng` draws.

    Raises ValueError for errors of other documents, other gold spans or other wholes.
    """
    _check(before, after)
    seed = settled(rng, "compared errors")
    names = [*map(str, ErrorClass), ALL_ERRORS]
    old, new = (_class_counts(one) for one in (before, after))
    found = [compare_paired(new[:, k], old[:, k], np.arange(len(new)), seed) for k in range(len(names))]
    tests = [one.tests for one in found]
    p_values = holm([one.sign_flip_p if isinstance(one, PairedTests) else np.nan for one in tests])
    untested = {one.why for one in tests if not isinstance(one, PairedTests)}
    return ErrorComparison(
        before, after,
        measures=(*map(_count_measure, names, found), *_score_measures(before, after, seed)),
        p_values=dict(zip(names, p_values.tolist(), strict=True)),
        note=f"No test: {untested.pop()}." if untested else "",
    )  # fmt: skip


def _class_counts(errors: EntityErrors) -> Floats:
    """float[wholes, classes + 1]: entities of each class, and errors of any, in each whole document."""
    table = np.zeros((len(errors.documents), len(ErrorClass) + 1))
    place = {error: k for k, error in enumerate(ErrorClass)}
    for one in errors.outcomes:
        table[one.text, place[one.error]] += 1
        table[one.text, -1] += one.error is not ErrorClass.CORRECT
    return sum_by_document(table, errors.wholes)


def _count_measure(name: str, found: PairedComparison) -> Measure:
    n = found.n_documents
    scale = "entities, after − before; n = documents"
    value, is_better = found.mean_difference * n, name == ErrorClass.CORRECT
    if found.interval is None:
        return Measure(name, value, None, n, scale, is_better, note="an interval needs at least two documents")
    low, high = (end * n for end in found.interval)
    if low == high:
        note = "every document changes alike" if value else "no document differs"
        return Measure(name, value, None, n, scale, is_better, note=note)
    return Measure(name, value, (low, high), n, scale, is_better)


def _score_measures(before: EntityErrors, after: EntityErrors, seed: int) -> list[Measure]:
    parts = [sum_by_document(_spans(one), one.wholes) for one in (before, after)]
    found = bootstrap_statistics(np.concatenate(parts, axis=1), _gains, seed)
    return [_score_measure(name, one) for name, one in zip(_FIGURES, found, strict=True)]


def _spans(errors: EntityErrors) -> Floats:
    """float[texts, 3]: correct, gold and predicted spans."""
    table = np.zeros((len(errors.documents), 3))
    table[:, 1] = [len(spans) for spans in errors.spans.gold]
    table[:, 2] = [len(spans) for spans in errors.spans.predicted]
    for one in errors.select(ErrorClass.CORRECT):
        table[one.text, 0] += 1
    return table


def _gains(sums: Floats) -> Floats:
    """float[..., figures] of sums [..., 6], after − before."""
    before, after = (_figures(part) for part in np.split(sums, 2, axis=-1))
    return after - before


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
    return Measure(name, found.value, found.interval, found.n_documents, scale, True, note=found.note)


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
