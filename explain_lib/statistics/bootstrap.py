"""Intervals of corpus figures: whole documents are drawn again, never the entities inside them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Names = Sequence[str] | Sequence[int] | npt.NDArray[Any]
Statistic = Callable[[Floats], Floats]

N_RESAMPLES = 2_000
MOST_UNDEFINED = 0.05  # of the resamples: where more have no value, those that have one say too little
_CELLS = 4_000_000  # numbers held at once


@dataclass(frozen=True)
class Bootstrapped:
    """A figure over a corpus and its percentile interval from drawing whole documents again.

    `interval` is None where none can be given (fewer than two documents, or a figure that often has no value); `note`
    then says why. `n_items` counts the entities or edits that went in, `n_documents` the documents they come from.
    """

    value: float
    interval: tuple[float, float] | None
    n_documents: int
    n_items: int
    note: str = ""


def bootstrap_mean(
    values: npt.ArrayLike, documents: Names, rng: int | np.random.Generator = 0, level: float = 0.95
) -> Bootstrapped:
    """The mean of `values` float[items], or the rate of bool[items], such as flips; each item weighs the same.

    `documents` names the document of each item; items that are NaN are left out. Raises ValueError for other shapes.
    """
    return bootstrap_ratio(values, np.ones(np.shape(values)), documents, rng, level)


def bootstrap_ratio(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    documents: Names,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
) -> Bootstrapped:
    """Σ numerators / Σ denominators over float[items]; items in which either is NaN are left out."""
    parts = np.stack([np.asarray(numerators, np.float64), np.asarray(denominators, np.float64)], axis=-1)
    names = one_name_each(documents, parts[..., 0])
    measured = ~np.isnan(parts).any(axis=1)
    sums = sum_by_document(parts[measured], names[measured])
    return bootstrap_statistic(sums, ratio, rng, level, int(measured.sum()))


def bootstrap_statistic(
    sums: npt.ArrayLike,
    statistic: Statistic,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
    n_items: int | None = None,
) -> Bootstrapped:
    """A statistic of sums over documents, such as F1 of counts, with the percentile interval of 2000 resamples.

    `sums` float[documents, parts]; `statistic` maps float[..., parts] to float[...], NaN where it has no value, and is
    computed for all resamples at once. `n_items` is passed on (default: the number of documents). Resamples without a
    value are left out; where they are more than 5 % there is no interval. Percentile intervals are too narrow for a
    handful of documents: say how many there were.
    """
    return bootstrap_statistics(sums, lambda parts: statistic(parts)[..., None], rng, level, n_items)[0]


def bootstrap_statistics(
    sums: npt.ArrayLike,
    statistics: Statistic,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
    n_items: int | None = None,
) -> tuple[Bootstrapped, ...]:
    """Several figures of the same resamples: `statistics` maps float[..., parts] to float[..., figures]."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; it must lie strictly between 0 and 1, for example 0.95.")
    table = np.asarray(sums, np.float64)
    if table.ndim != 2:
        raise ValueError(f"sums have shape {table.shape}; they need (documents, parts).")
    n = len(table)
    counted = n if n_items is None else n_items
    values = statistics(table.sum(axis=0)).tolist()
    if n < 2:
        why = f"an interval needs at least two documents and there {'is one' if n else 'are none'}"
        return tuple(Bootstrapped(value, None, n, counted, why) for value in values)
    drawn = np.concatenate([statistics(weights @ table) for weights in _resamples(n, np.random.default_rng(rng))])
    intervals = [_percentiles(column, level) for column in drawn.T]
    return tuple(Bootstrapped(v, bounds, n, counted, why) for v, (bounds, why) in zip(values, intervals, strict=True))


def ratio(parts: Floats) -> Floats:
    """First over second of float[..., 2]; NaN where the second is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(parts[..., 1] == 0, np.nan, parts[..., 0] / parts[..., 1]))


def sum_by_document(values: Floats, documents: Names) -> Floats:
    """float[documents, ...]: sums of float[items, ...] over the items of each document, in the order of the names."""
    names, at = np.unique(np.asarray(documents), return_inverse=True)
    sums = np.zeros((len(names), *values.shape[1:]))
    np.add.at(sums, at, values)
    return sums


def mean_by_document(values: Floats, documents: Names) -> Floats:
    """float[documents]: the mean of float[items] over the items of each document; documents with none are absent."""
    parts = sum_by_document(np.stack([values, np.ones(len(values))], axis=-1), documents)
    return ratio(parts)


def one_name_each(documents: Names, values: Floats) -> npt.NDArray[Any]:
    """The documents as an array; ValueError unless there is one for each of float[items]."""
    names = np.asarray(documents)
    if values.ndim != 1 or names.shape != values.shape:
        raise ValueError(
            f"the values have shape {values.shape} and the documents {names.shape}; give both one number axis, "
            "and one document per item."
        )
    return names


def _resamples(n: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Blocks of float[resamples, documents]: how often each document was drawn; the blocks do not change the draws."""
    size = max(1, _CELLS // n)
    for at in range(0, N_RESAMPLES, size):
        yield rng.multinomial(n, np.full(n, 1 / n), size=min(size, N_RESAMPLES - at)).astype(np.float64)


def _percentiles(drawn: Floats, level: float) -> tuple[tuple[float, float] | None, str]:
    undefined = float(np.isnan(drawn).mean())
    if undefined > MOST_UNDEFINED:
        return None, f"the figure has no value in {undefined:.0%} of the resamples of documents"
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return (float(low), float(high)), ""
