"""The errors of two models on one corpus: what became of every gold entity, and paired differences with intervals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from explain_lib.core import Measure

from .errors import EntityErrors
from .outcome import ErrorClass, Outcome

Move = tuple[ErrorClass, ErrorClass]


@dataclass(frozen=True, eq=False)
class ErrorComparison:
    """Two `EntityErrors` of the same documents side by side.

    `measures` are differences, after − before: how many entities of each class (`ErrorClass`), all errors together,
    then strict precision, recall and F1. Intervals draw whole documents again, the same ones for both models.
    `p_values` holds, under the name of a measure of counts, the p value of a sign-flip test on the counts of documents,
    corrected by Holm over all of them; NaN where none was made, and `note` says why. Holds the texts; `repr` shows
    counts only.
    """

    before: EntityErrors
    after: EntityErrors
    measures: tuple[Measure, ...]
    p_values: Mapping[str, float]
    note: str = ""

    def measure(self, name: str) -> Measure:
        """The difference of that name; KeyError, naming what there is, where there is none."""
        for one in self.measures:
            if one.name == name:
                return one
        raise KeyError(f"no {name!r}; there are {', '.join(one.name for one in self.measures)}.")

    def p_value(self, name: str) -> float:
        """The corrected p value of a difference, NaN where nothing was tested."""
        return self.p_values.get(name, math.nan)

    @property
    def pairs(self) -> tuple[tuple[Outcome, Outcome], ...]:
        """The outcome of every gold entity under both models, in the order of the corpus."""
        now = _of_gold(self.after)
        return tuple((one, now[place]) for place, one in _of_gold(self.before).items())

    @property
    def moves(self) -> dict[Move, int]:
        """How many gold entities went from one class to another, (before, after); those that stayed are among them."""
        found = Counter((one.error, other.error) for one, other in self.pairs)
        return {move: found[move] for move in sorted(found, key=_in_order)}

    def select(self, before: ErrorClass | None = None, after: ErrorClass | None = None) -> tuple[Outcome, ...]:
        """The outcomes under the second model of the gold entities that had these classes, in order."""
        return tuple(
            other for one, other in self.pairs if before in (None, one.error) and after in (None, other.error)
        )

    def __repr__(self) -> str:
        errors = f"{len(self.before.errors)} errors before, {len(self.after.errors)} after"
        return f"ErrorComparison({len(self.before.documents)} texts, {errors}, {self.measure('F1')})"


def _of_gold(errors: EntityErrors) -> dict[tuple[object, ...], Outcome]:
    """Outcomes of gold spans by where they stand; spans that are given twice are told apart by their number."""
    seen: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], Outcome] = {}
    for one in errors.outcomes:
        if one.gold is not None:
            place = (one.text, one.gold)
            found[(*place, seen[place])] = one
            seen[place] += 1
    return found


def _in_order(move: Move) -> tuple[int, ...]:
    return tuple(list(ErrorClass).index(error) for error in move)
