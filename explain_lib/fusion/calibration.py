"""What a fusion asks of a text besides its members' scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from explain_lib.perturbation.budget import Budget, PerUnit, allowed_rows
from explain_lib.perturbation.edits import Family


@dataclass(frozen=True)
class FusionCalibration:
    """How many rows and edits a fusion is fitted to.

    `n_rows` rows that hide units anywhere, a quarter of them kept for checking; `n_near` rows at most for each
    boundary, which hide up to `reach` units on either side of it; `n_edits` edits of the text from `families` (default:
    all that keep labels), on each of which every member is run again, with at most `edit_budget` rows. 0 leaves a part
    out.
    """

    n_rows: int = 128
    n_near: int = 16
    reach: int = 3
    n_edits: int = 8
    edit_budget: Budget = PerUnit(5)
    families: Sequence[Family] | None = field(default=None)

    def __post_init__(self) -> None:
        if min(self.n_rows, self.n_near, self.n_edits) < 0 or self.reach < 1:
            raise ValueError(f"{self!r}: numbers of rows and edits must be 0 or more, and reach at least 1.")
        if 0 < self.n_rows < 8:
            raise ValueError(
                f"FusionCalibration(n_rows={self.n_rows}) is too few to fit and check; give 8 or more, or 0."
            )


NOTHING = FusionCalibration(n_rows=0, n_near=0, n_edits=0)


def at_most(method: Any, budget: Budget, n_units: int) -> Any:
    """The method with no more rows than `budget` allows for a text of `n_units` active units."""
    has_budget = is_dataclass(method) and "budget" in {f.name for f in fields(method)}
    if not has_budget or isinstance(method, type):
        return method
    allowed = min(allowed_rows(method.budget, n_units), allowed_rows(budget, n_units))
    return replace(method, budget=allowed)
