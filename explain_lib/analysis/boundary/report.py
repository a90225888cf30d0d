"""The report on the boundaries of the entities of one text."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class BoundaryReport(Report):
    """How firm the two ends of each entity are, and what they depend on.

    Arrays, where sides are left and right, and NaN is what could not be measured: `margins` float64[targets, sides];
    `losses` float64[targets, sides, units], what each margin loses when one unit is hidden; `regions` int64[targets,
    sides, units], indices of `details["regions"]`; `landscape` float64[targets, 2 reach + 1, 2 reach + 1],
    log-probabilities with the left end moved outwards by row − reach and the right end by column − reach;
    `landscape_starts` and `landscape_ends` int64[targets, 2 reach + 1], where these spans start and end in the text, −1
    beyond it; `control_index` float64[targets, sides, places]; `curve_distances` int64[distances] (1, 2, … units
    outside an end; 0, −1, … inside), `curve_effects` float64 and `curve_counts` int64[sides, distances], over all
    targets; `contrast_scores` and `contrast_std_error` float64[targets, moves, units] and `contrast_values`
    float64[targets, moves], for the moves of `details["moves"]`.

    `details["entities"]` has for each target, in order: the likeliest other span, the smallest edits, the nearest text
    edits, the units that speak most for each end, the entities that its outside neighbours belong to, and its fates:
    for each edit about it, by its place in `details["edits"]`, where it stands in the edited text (`was`) and what the
    model returns there (`now`: start, end and label, or None).
    """

    ARRAYS: ClassVar[tuple[str, ...]] = (
        "margins", "losses", "regions", "landscape", "landscape_starts", "landscape_ends", "control_index",
        "curve_distances", "curve_effects", "curve_counts", "contrast_scores", "contrast_std_error", "contrast_values",
    )  # fmt: skip
