"""What `agreement` returns."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class AgreementReport(Report):
    """How alike the attributions of several methods are, for each target and arm.

    Arrays float[methods, methods, targets, arms], symmetric, NaN where an arm has nothing to compare, with arms =
    ("all units", "context") and methods in the order of `methods`: `rank` (Spearman), `top_k` (Jaccard of the strongest
    fifth), `sign` and `overall` (the mean of the four similarities that stability uses), all chance-corrected: 1 the
    same, 0 no better than shuffled scores; `rank_raw`, `top_k_raw`, `sign_raw`: the same three as they are.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("rank", "top_k", "sign", "overall", "rank_raw", "top_k_raw", "sign_raw")
    ARMS: ClassVar[tuple[str, str]] = ("all units", "context")

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that were compared, in the order of the arrays."""
        return tuple(self.details["methods"])
