"""Standard errors of figures that rest on two samples at once: explanations of a text, and edits of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core.interval import interval_of

Ints = npt.NDArray[np.int64]
Statistic = Callable[[Ints, Ints], float]
"""From the indices of explanations and of edits that are left in to the figure, NaN where it has none."""


@dataclass(frozen=True)
class Figure:
    """A figure and its 95 % interval, None where too little was drawn to give one."""

    value: float
    interval: tuple[float, float] | None


def crossed(statistic: Statistic, n_texts: int, n_edits: int, bounds: tuple[float, float]) -> Figure:
    """A figure of `n_texts` explanations of one text crossed with `n_edits` edits, and its interval by leaving out.

    Each explanation and each edit is left out once; the two jackknife variances are added (which counts what an
    explanation and an edit do together twice, and so errs on the wide side) and the interval is Student's, with
    Satterthwaite's degrees of freedom, cut at `bounds`. One explanation is exact and adds no variance; with fewer than
    two edits, or where leaving one out leaves nothing, there is no interval. Source: Efron & Stein (1981); two
    samples: Schechtman & Wang (2004).
    """
    texts, edits = np.arange(n_texts), np.arange(n_edits)
    value = statistic(texts, edits)
    if not np.isfinite(value):
        return Figure(value, None)
    parts = [
        _jackknife([statistic(np.delete(texts, i), edits) for i in range(n_texts)]) if n_texts > 1 else 0.0,
        _jackknife([statistic(texts, np.delete(edits, i)) for i in range(n_edits)]) if n_edits > 1 else np.nan,
    ]
    variance = sum(parts)
    if not np.isfinite(variance):
        return Figure(value, None)
    if variance == 0:
        return Figure(value, (value, value))
    dof = variance**2 / sum(part**2 / (n - 1) for part, n in zip(parts, (n_texts, n_edits), strict=True) if part)
    return Figure(value, interval_of(value, float(np.sqrt(variance)), dof, bounds))


def _jackknife(left_out: list[float]) -> float:
    """The variance of a figure from its values with one draw left out each."""
    n = len(left_out)
    return float((n - 1) * np.var(left_out))
