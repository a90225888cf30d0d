"""What a model answers about a target, and whether an edit changed it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from explain_lib.core import Prediction, Target
from explain_lib.perturbation.query import Query
from explain_lib.perturbation.together import answers

LIKELY = 0.5


def answer(prediction: Prediction, target: Target) -> frozenset[str]:
    """What is predicted of a target: the labels of exactly its span (none: no such entity); of a text, its classes.

    Classes whose probabilities add up to 1 exclude each other: the most likely one is the answer. Others are answered
    one by one, and those of at least one half are predicted.
    """
    if target.span is not None:
        return frozenset(span.label for span in prediction.spans if span.parts == target.span.parts)
    shares = prediction.labels
    if abs(sum(shares.values()) - 1) < 1e-6:
        return frozenset({max(shares, key=lambda label: shares[label])})
    return frozenset(label for label, share in shares.items() if share >= LIKELY)


def same_answers(query: Query, edited: Sequence[Query]) -> npt.NDArray[np.bool_]:
    """bool[edits, targets]: whether the model still says of each target what it says on the text itself.

    Costs the full row of every window and text; they run in shared batches, watched by the query's tick.
    """
    asked = [query, *edited]
    found: dict[int, Prediction] = {}
    for index, one in answers([partial(each.predict, None) for each in asked], query.evaluations.report):
        if isinstance(one, Exception):
            raise one
        found[index] = one[0]
    before = [answer(found[0], target) for target in query.targets]
    same = [
        [answer(found[k], target) == was for target, was in zip(each.targets, before, strict=True)]
        for k, each in enumerate(edited, start=1)
    ]
    return np.array(same, dtype=bool).reshape(len(edited), query.n_targets)
