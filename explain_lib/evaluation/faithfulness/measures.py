"""The findings of one case as measures, with what random, extreme and trivial attributions get beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from explain_lib.core import Measure, Score, Target, not_available
from explain_lib.core.interval import interval_of, interval_of_mean
from explain_lib.evaluation.compared_units import CONTEXT

from .arms import Case
from .findings import Findings, Ground
from .infidelity import Infidelity
from .orders import Floats
from .readings import (
    AOPC, AREAS, NAOPC, Reading, area_readings, curve_scale, normalised, search_note, threshold_readings,
)  # fmt: skip
from .settings import FaithfulnessSettings

INFIDELITY = ("infidelity", "infidelity, scaled", "scale factor", "explained share")
TAU = "Kendall tau against leave-one-out"
RANDOM, OWN, BEST, WORST = ", random order", ", own units first", ", best order", ", worst order"
SHUFFLED, NOTHING, ON_OWN = ", shuffled scores", ", all scores 0", ", all on the span's own units"
NAMES = (*AOPC, *NAOPC, *AREAS, *INFIDELITY, TAU)
_SCORE_NAMES: dict[Score, str] = {
    "log_odds": "log-odds", "log_prob": "log-probability", "probability": "probability",
}  # fmt: skip
_MIDDLE = (0.025, 0.975)


def missing_measures(because: str, about: Mapping[str, str]) -> Iterator[Measure]:
    """What cannot be had for a target in an arm."""
    return (not_available(name, because, about=about) for name in NAMES)


def score_scale(target: Target, score: Score) -> str:
    """On which scale the score of a target is."""
    return curve_scale(target) if target.margin or target.versus is not None else _SCORE_NAMES[score]


@dataclass(frozen=True, eq=False)
class Judged:
    """One case with all that was found."""

    case: Case
    found: Ground
    own: Findings
    settings: FaithfulnessSettings
    about: Mapping[str, str]

    def measures(self) -> Iterator[Measure]:
        """Thresholds, areas, infidelity and ranks, each with its controls behind it."""
        for mean, each in threshold_readings(self.case, self.settings):
            yield from map(self._drawn, each)
            yield from self._with_controls(mean)
            yield from self._ends(mean)
        for area in area_readings(self.case):
            yield from self._with_controls(area)
            yield from self._ends(area)
            normal = normalised(area, self.found)
            if isinstance(normal, Reading):
                yield from self._with_controls(normal)
            else:
                yield not_available(NAOPC[not area.is_good], normal, "", self.about)
        yield from self._infidelity()
        yield from self._ranks()

    def _with_controls(self, reading: Reading) -> Iterator[Measure]:
        yield self._drawn(reading)
        yield self._spread(reading.name + RANDOM, reading.of(self.found.random), reading.scale, "orders")
        if self.found.own is None:
            yield not_available(reading.name + OWN, self._no_own, reading.scale, self.about)
        else:
            value = float(reading.of(self.found.own).mean())
            yield Measure(reading.name + OWN, value, None, reading.n, reading.scale, None, self.about)

    def _drawn(self, reading: Reading) -> Measure:
        """The mean over orders that differ in their ties only, with its interval if there are several."""
        values, note = reading.of(self.own.curves), reading.note
        mean, interval = float(values.mean()), interval_of_mean(values)
        if len(values) > 1:
            note = "; ".join(filter(None, (note, f"mean over {len(values)} ways to break ties")))
        return Measure(reading.name, mean, interval, reading.n, reading.scale, reading.is_good, self.about, note)

    def _ends(self, reading: Reading) -> Iterator[Measure]:
        """The same along the orders with the worst and with the best area."""
        bound, names = self.found.bounds, (reading.name + WORST, reading.name + BEST)
        if bound is None:
            yield from (not_available(name, self.found.why_unbounded, "", self.about) for name in names)
            return
        for name, end in zip(names, bound.extremes, strict=True):
            value, note = float(reading.of(end)[0]), search_note(bound)
            yield Measure(name, value, None, reading.n, reading.scale, None, self.about, note)

    def _infidelity(self) -> Iterator[Measure]:
        one, scale = self.own.infidelity, f"squared {score_scale(self.case.target, self.case.score)}, 0 or more"
        law = f"rows hide a uniform number of the {len(self.case.active)} units, 1 to all, drawn uniformly"
        yield self._squares(INFIDELITY[0], one.value, one.std_error, one.n_rows, scale, law)
        yield self._spread(INFIDELITY[0] + SHUFFLED, self.own.shuffled_infidelity, scale, "shuffles")
        yield Measure(INFIDELITY[0] + NOTHING, one.nothing, None, one.n_rows, scale, None, self.about)
        trivial = self.own.own_infidelity
        if trivial is None:
            yield not_available(INFIDELITY[0] + ON_OWN, self._no_own, scale, self.about)
        else:
            yield Measure(INFIDELITY[0] + ON_OWN, trivial.value, None, trivial.n_rows, scale, None, self.about)
        yield from self._scaled(one, scale)

    def _scaled(self, one: Infidelity, scale: str) -> Iterator[Measure]:
        if np.isnan(one.beta):
            because = "the scores of the hidden units add up to 0 in every row"
            yield from (not_available(name, because, about=self.about) for name in INFIDELITY[1:])
            return
        note = f"after multiplying the scores by {one.beta:.3g}, fitted to these rows"
        yield self._squares(INFIDELITY[1], one.scaled, one.scaled_error, one.n_rows, scale, note)
        factor = "factor on the scores, 1 leaves them as they are"
        yield Measure(INFIDELITY[2], one.beta, None, one.n_rows, factor, None, self.about)
        share = "share of the squared changes, at most 1"
        if np.isnan(one.share):
            yield not_available(INFIDELITY[3], "hiding changes nothing in any row", share, self.about)
        else:
            yield Measure(INFIDELITY[3], one.share, None, one.n_rows, share, True, self.about)

    def _ranks(self) -> Iterator[Measure]:
        scale, n = "Kendall tau-b, −1 to 1", len(self.case.active)
        if np.isnan(self.own.tau):
            why = "a single unit has no rank" if n == 1 else "one side has nothing but ties"
            yield not_available(TAU, why, scale, self.about)
            return
        yield Measure(TAU, self.own.tau, None, n, scale, True, self.about)
        yield self._spread(TAU + SHUFFLED, self.own.shuffled_tau, scale, "shuffles")

    @property
    def _no_own(self) -> str:
        if self.about["arm"] == CONTEXT:
            return "in the context arm the span's own units are always kept"
        return "no unit of the target's own may be hidden"

    def _spread(self, name: str, values: Floats, scale: str, what: str) -> Measure:
        """A control: its mean, and where the middle 95 % of single draws lie."""
        low, high = np.quantile(values, _MIDDLE)
        note = f"the interval holds the middle 95 % of {len(values)} {what}"
        return Measure(name, float(values.mean()), (low, high), len(values), scale, None, self.about, note)

    def _squares(self, name: str, value: float, error: float, n: int, scale: str, note: str) -> Measure:  # noqa: PLR0913
        interval = interval_of(value, error, n - 1, (0.0, np.inf))
        return Measure(name, value, interval, n, scale, False, self.about, note)
