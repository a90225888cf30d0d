"""Which units of a target count in an arm, for measures that need the attribution only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution

ALL, CONTEXT = ARMS = ("all units", "context")


def compared_units(attribution: Attribution, index: int, arm: str) -> npt.NDArray[np.bool_] | str:
    """bool[units]: the active units of a target, in the context arm without those of its own span; or why none are.

    An attribution of all units counts in the context arm by its scores of the other units; one that was made in the
    context arm counts in that arm only.
    """
    target, active = attribution.targets[index], attribution.active[:, index]
    if arm == ALL and attribution.provenance.arm == CONTEXT:
        return "the attribution was made in the context arm and says nothing of the span's own units"
    if arm == CONTEXT:
        if target.span is None:
            return "the target is about the text as a whole and has no units of its own"
        active = active & ~attribution.units.inside(target.span)
    if not active.any():
        return "no unit may be hidden" + (": the span is as long as the text" if arm == CONTEXT else "")
    if not np.isfinite(attribution.scores[active, index]).all():
        return "some scores are not finite numbers"
    return np.asarray(active)


def check_same_question(attributions: Sequence[Attribution]) -> None:
    """Raise ValueError unless there are attributions, all about the same text, units and targets."""
    if not attributions:
        raise ValueError("there is no attribution; give at least one.")
    first = attributions[0]
    for k, other in enumerate(attributions[1:], start=1):
        if other.units.document.text != first.units.document.text:
            raise ValueError(f"attribution {k} is about another text than attribution 0; give those of one text.")
        if not np.array_equal(other.units.bounds, first.units.bounds):
            raise ValueError(
                f"attribution {k} scores {len(other.units)} units and attribution 0 scores {len(first.units)}, or "
                "their bounds differ; explain queries with the same units."
            )
        if other.targets != first.targets:
            names = [", ".join(target.name for target in one.targets) for one in (other, first)]
            raise ValueError(
                f"attribution {k} is about {names[0]} and attribution 0 about {names[1]}; give the same targets in the "
                "same order."
            )
