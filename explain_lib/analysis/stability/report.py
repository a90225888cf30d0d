"""What stability returns."""

from __future__ import annotations

from typing import ClassVar

from explain_lib.core import Report


class StabilityReport(Report):
    """How much the explanations of one text change under edits that keep its entities, arm by arm.

    Measures, about target, arm, family ("all families" too) and method: `stability`, the headline, is the mean over
    edits of the chance-corrected similarity (the mean of cosine, Jensen-Shannon, Spearman and top-k Jaccard, each as
    (s − s0) / (1 − s0)); `worst_tenth` its mean over the worst tenth of the edits; `noise_arm` the same similarity of
    explanations of the text itself with other seeds, on the same units; `excess` the noise arm minus the stability.
    Their intervals hold over edits of this one text, not over texts. `kept` and `flips` are shares of the edits. Raw
    similarities, `max_sensitivity`, `average_sensitivity`, `local_lipschitz` and the relative input, output and
    representation stability stand beside; `infidelity` and `explained share` say how faithful the explanation is:
    one that never looks at the model can be perfectly stable. Their controls, which know nothing of the model either:
    `explained share, the same score everywhere` and `explained share, all on the span's own units` (not available in
    the context arm); an explanation below them is worth less than a count of the hidden units. `details["arms"]` and
    `details["families"]` list what there is.

    Arrays: `scores`, `spread` (standard deviation of a unit's score over the edits that left it) and `noise_spread`
    (over explanations of the text itself) float[arms, units, targets]; `by_edit`, `noise_by_edit` float[arms, edits,
    targets], NaN where an edit is not compared; `edit_scores` float32[arms, edits, units, targets], the explanation
    after each edit, NaN for units that the edit changed and for edits that are not compared; `n_compared` int[arms,
    edits, targets], units compared; `kept` bool[edits, targets], whether the prediction stayed; `family` int[edits],
    index of `details["families"]`. `details["edits"]` describe the edits in the same order.
    """

    ARRAYS: ClassVar[tuple[str, ...]] = (
        "scores", "spread", "noise_spread", "by_edit", "noise_by_edit", "edit_scores", "n_compared", "kept", "family",
    )  # fmt: skip
