"""What `faithfulness` returns."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class FaithfulnessReport(Report):
    """Measures of faithfulness for each target and arm, and what they were read from.

    Arrays, with arms = ("all units", "context"), NaN (or −1) where there is nothing:
    `thresholds` float[thresholds], per cent of the units that may be hidden;
    `comprehensiveness`, `sufficiency` float[thresholds, targets, arms];
    `order` int[units, targets, arms]: the unit that is hidden at each step (ties broken in one way);
    `deletion`, `insertion` float[units + 1, targets, arms]: the target with the first k units hidden, or with only
    these kept; `random_deletion`, `random_insertion` float[3, units + 1, targets, arms]: mean, lower and upper end of
    the middle 95 % of random orders; `own_deletion`, `own_insertion` float[units + 1, targets, arms]: the span's own
    units first; `bound_deletion` float[2, units + 1, targets, arms]: the worst and the best order found;
    `leave_one_out` float[units, targets, arms], in units of the score;
    `predicted`, `observed` float[rows, targets, arms]: sums of scores of the hidden units, and the change of the score.
    All curves are on the scale that `details["scales"]` names for each target: a probability for spans and classes.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = (
        "thresholds", "comprehensiveness", "sufficiency", "order", "deletion", "insertion", "random_deletion",
        "random_insertion", "own_deletion", "own_insertion", "bound_deletion", "leave_one_out", "predicted", "observed",
    )  # fmt: skip
    ARMS: ClassVar[tuple[str, str]] = ("all units", "context")
