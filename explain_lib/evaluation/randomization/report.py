"""What `randomization` returns."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class RandomizationReport(Report):
    """How alike the attributions of a model and of copies with random weights are, for each target and arm.

    Arrays, with arms = ("all units", "context"), NaN where there is nothing: `similarity` float[models, targets, arms],
    the chance-corrected similarity to the attribution of each random model; `other_seed` float[targets, arms], that of
    the same model with another seed; `rank`, `other_seed_rank`: the same of Spearman's correlation of absolute scores.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("similarity", "other_seed", "rank", "other_seed_rank")
    ARMS: ClassVar[tuple[str, str]] = ("all units", "context")
