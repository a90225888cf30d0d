"""The outcome of every entity of one text: the first class that applies, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Span
from explain_lib.evaluation.entities import Match, Tier, match_spans

from .conjunctions import has_conjunction
from .outcome import CONJUNCTION, ErrorClass, Outcome
from .tangle import NOBODY, Tangle


def outcomes(
    at: int,
    name: str,
    document: Document,
    gold: Sequence[Span],
    predicted: Sequence[Span],
    confidence: npt.NDArray[np.float64],
) -> list[Outcome]:
    """One outcome for each gold span and each unmatched predicted span, in text order; no flags of the corpus yet."""
    matching = match_spans(gold, predicted)
    tangle = Tangle.of(matching)
    joined = {g for p in tangle.gold_at for g in _joined(document, gold, predicted[p], tangle.golds_of(p))}

    def found() -> Iterator[tuple[int | None, int | None, ErrorClass, float]]:
        for match in matching.matches:
            group = tangle.group_class({match.gold}, {match.predicted})
            yield match.gold, match.predicted, _exact(match) or group or _pair(gold, predicted, match), match.iou
        for g in matching.unmatched_gold:
            yield g, None, tangle.group_class({g}, tangle.predictions_of(g)) or ErrorClass.MISSED, 0.0
        for p in matching.unmatched_predicted:
            yield None, p, tangle.group_class(tangle.golds_of(p), {p}) or ErrorClass.SPURIOUS, 0.0

    def made(g: int | None, p: int | None, error: ErrorClass, iou: float) -> Outcome:
        spans = (None if g is None else gold[g], None if p is None else predicted[p])
        sure = np.nan if p is None else float(confidence[p])
        flag = CONJUNCTION if error is ErrorClass.SWALLOWED and g in joined else ""
        return Outcome(at, name, *spans, error, iou, sure, flag)

    return sorted((made(*one) for one in found()), key=lambda one: (one.start, one.end, one.gold is None, one.label))


def _joined(document: Document, gold: Sequence[Span], predicted: Span, golds: Set[int]) -> Set[int]:
    """The gold spans that one prediction swallowed, if a conjunction stands between them."""
    has = len(golds) > 1 and has_conjunction(document, predicted, [gold[g] for g in golds])
    return golds if has else NOBODY


def _exact(match: Match) -> ErrorClass | None:
    return {Tier.EXACT_AND_TYPE: ErrorClass.CORRECT, Tier.EXACT: ErrorClass.WRONG_TYPE}.get(match.tier)


def _pair(gold: Sequence[Span], predicted: Sequence[Span], match: Match) -> ErrorClass:
    if match.tier == Tier.OVERLAP:
        return ErrorClass.WRONG_TYPE_AND_BOUNDARY
    true, found = _characters(gold[match.gold]), _characters(predicted[match.predicted])
    if found < true:
        return ErrorClass.TOO_SHORT
    return ErrorClass.TOO_LONG if found > true else ErrorClass.SHIFTED


def _characters(span: Span) -> set[int]:
    return {at for start, end in span.parts for at in range(start, end)}
