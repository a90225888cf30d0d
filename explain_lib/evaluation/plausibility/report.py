"""What `plausibility` returns."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class PlausibilityReport(Report):
    """Agreement with a rationale for each target and arm.

    Arrays, with arms = ("all units", "context"): `rationale` bool[units, targets]: the units that were marked;
    `top` float[units, targets, arms]: 1 for the strongest units, parts of 1 for those tied at the border, NaN for units
    that do not count in the arm.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = ("rationale", "top")
    ARMS: ClassVar[tuple[str, str]] = ("all units", "context")
