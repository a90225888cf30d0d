"""Is one method better than another on the same entities? Asked of document means, or not asked at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from .bootstrap import Floats, Names, bootstrap_mean, mean_by_document, one_name_each
from .sign_tests import sign_flip_p, signed_rank_p

FEWEST_DOCUMENTS = 20


@dataclass(frozen=True)
class PairedTests:
    """p values of the same document means: Wilcoxon's signed-rank test and the sign-flip permutation of their mean."""

    signed_rank_p: float
    sign_flip_p: float
    one_sided: bool


@dataclass(frozen=True)
class NotTested:
    """No test was made, because."""

    why: str


@dataclass(frozen=True)
class PairedComparison:
    """How `ours` differs from `theirs` on the same items; positive where ours is larger.

    `mean_difference` is the mean of the document means with its 95 % document-bootstrap `interval` (None for one
    document). `win_rate`: the share of documents in which ours is larger, ties counting half. `effect_size`: the mean
    of the document means over their standard deviation (Cohen's d_z; NaN where they do not vary). `rank_biserial`: from
    −1 to 1, rank sum of the documents that ours wins minus that of those that it loses, over all ranks.
    """

    mean_difference: float
    interval: tuple[float, float] | None
    win_rate: float
    effect_size: float
    rank_biserial: float
    n_documents: int
    n_items: int
    tests: PairedTests | NotTested


def compare_paired(
    ours: npt.ArrayLike,
    theirs: npt.ArrayLike,
    documents: Names,
    rng: int | np.random.Generator = 0,
    one_sided: bool = False,
) -> PairedComparison:
    """Compare float[items] with float[items] of the same items, document by document.

    Items in which either is NaN are left out. `one_sided` tests that ours is larger, so give measures of which more is
    better (or their negatives). Fewer than 20 documents: the figures are given and `tests` is a `NotTested`. Correct
    the p values of several comparisons with `holm`. Raises ValueError for shapes that differ.
    """
    differences = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
    names = one_name_each(documents, differences)
    measured = ~np.isnan(differences)
    means = mean_by_document(differences[measured], names[measured])
    n = len(means)
    generator = np.random.default_rng(rng)
    spread = float(means.std(ddof=1)) if n > 1 else 0.0
    return PairedComparison(
        mean_difference=float(means.mean()) if n else np.nan,
        interval=bootstrap_mean(means, np.arange(n), generator).interval,
        win_rate=float(((means > 0) + 0.5 * (means == 0)).mean()) if n else np.nan,
        effect_size=float(means.mean() / spread) if spread > 0 else np.nan,
        rank_biserial=_rank_biserial(means),
        n_documents=n,
        n_items=int(measured.sum()),
        tests=_tests(means, generator, one_sided),
    )


def _tests(means: Floats, rng: np.random.Generator, one_sided: bool) -> PairedTests | NotTested:
    if len(means) < FEWEST_DOCUMENTS:
        return NotTested(f"a test needs at least {FEWEST_DOCUMENTS} documents and there are {len(means)}")
    return PairedTests(signed_rank_p(means, one_sided), sign_flip_p(means, rng, one_sided), one_sided)


def _rank_biserial(means: Floats) -> float:
    signed = means[means != 0]
    if not len(signed):
        return 0.0 if len(means) else np.nan
    ranks = rankdata(np.abs(signed))
    return float((ranks * np.sign(signed)).sum() / ranks.sum())
