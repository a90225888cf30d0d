"""Dressing means of a table as a GlobalAttribution, with what a reader must know about them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.explain import versions
from explain_lib.core import GlobalAttribution, Provenance

from .document_means import Means
from .rows import Rows

Floats = npt.NDArray[np.float64]


def result_of(  # noqa: PLR0913, PLR0917  # one parameter a field
    recipe: object,
    rows: Rows,
    means: Means,
    scores: Floats,
    std_error: Floats,
    quantity: str,
    more: Mapping[str, Floats],
    notes: tuple[str, ...] = (),
) -> GlobalAttribution:
    """A result with the words and labels of `rows`, counts and degrees of freedom of `means`."""
    lonely = int((means.documents == 1).sum())
    few = f"{lonely} of {int((means.counts > 0).sum())} scores come from one document each, which tells no error (NaN)."
    n = len(rows.documents)
    known = (f"{n} document{'s' * (n != 1)}, arm “{rows.arm}”.", *notes, *rows.notes, *((few,) if lonely else ()))
    return GlobalAttribution(
        rows.words, rows.labels, scores, std_error, means.dof, means.counts, means.documents, recipe, quantity,
        rows.method, more, known, Provenance(arm=rows.arm, versions=versions()),
    )  # fmt: skip
