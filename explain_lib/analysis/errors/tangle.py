"""Spans that overlap without being equal: where one gold span was split, or several were swallowed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from explain_lib.evaluation.entities import Matching, Tier

from .outcome import ErrorClass

Neighbours = Mapping[int, Set[int]]
NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Tangle:
    """Who overlaps whom among the spans that no span of the other side equals, by position.

    A prediction that equals one gold span has not swallowed another that nests in it: that one is simply missed.
    """

    predicted_at: Neighbours
    gold_at: Neighbours

    @classmethod
    def of(cls, matching: Matching) -> Tangle:
        """The overlaps that are left when equal spans are taken out."""
        exact = [match for match in matching.matches if match.tier <= Tier.EXACT]
        done_gold, done_predicted = {match.gold for match in exact}, {match.predicted for match in exact}
        predicted_at, gold_at = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
        for g, p in matching.touching:
            if g not in done_gold and p not in done_predicted:
                predicted_at[g].add(p)
                gold_at[p].add(g)
        return cls(dict(predicted_at), dict(gold_at))

    def group_class(self, golds: Set[int], predictions: Set[int]) -> ErrorClass | None:
        """Split if one of these gold spans meets two predictions, else swallowed if one of these predictions meets
        two gold spans, else None."""
        if any(len(self.predictions_of(g)) > 1 for g in golds):
            return ErrorClass.SPLIT
        return ErrorClass.SWALLOWED if any(len(self.golds_of(p)) > 1 for p in predictions) else None

    def predictions_of(self, gold: int) -> Set[int]:
        """The predicted spans that overlap a gold span."""
        return self.predicted_at.get(gold, NOBODY)

    def golds_of(self, predicted: int) -> Set[int]:
        """The gold spans that overlap a predicted span."""
        return self.gold_at.get(predicted, NOBODY)
