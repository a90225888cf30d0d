"""The measures of one target in one arm under one family of edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, not_available
from explain_lib.statistics import SIMILARITIES, cosine, kendall, spearman, top_k_jaccard, worst_mean

from .compared import Compared, Likeness, known_mean
from .crossed import Figure, Statistic, crossed
from .moves import Moves

Floats = npt.NDArray[np.float64]
CORRECTED = "chance-corrected similarity, −1 to 1 (0 is chance)"
NO_UPPER_END = "0 and up, no upper end"
EDITS = "edits of one text"
_UNCHANGED = "minus infinity: the ratio is 0, the explanation does not change"
RAW = (*SIMILARITIES, kendall, cosine.of_sizes, spearman.of_sizes, top_k_jaccard.of_sizes)
"""Similarities that are shown as they are; the first four make the headline."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What the measures are made from: comparisons, chance-corrected likeness and moves, of the same edits."""

    compared: Compared
    likeness: Likeness
    moves: Moves
    about: Mapping[str, str]

    def measures(self) -> Iterator[Measure]:
        """The headline, the noise arm and the excess, the raw similarities, then what counts lengths."""
        yield from self._headline()
        for measure in RAW:
            figure = self._crossed(_mean_of(self.compared.similar(measure)), measure.lowest)
            scale = f"{'−1' if measure.lowest else '0'} to 1, not corrected for chance"
            yield self._measure(measure.name, figure, scale, True)
        yield from self._sensitivity()
        yield from self._relative()

    def _headline(self) -> Iterator[Measure]:
        likeness, is_drawn = self.likeness, len(self.compared.text) > 1
        fixed = "" if is_drawn else "not drawn: another seed gives the same explanation"
        yield self._measure("stability", self._crossed(likeness.stability), CORRECTED, True)
        worst = Figure(float(worst_mean(likeness.by_edit)), None)
        yield self._measure("worst_tenth", worst, CORRECTED, True)
        yield self._measure("noise_arm", self._crossed(likeness.noise_arm), CORRECTED, True, fixed)
        excess = self._crossed(likeness.excess, -2, 2)
        yield self._measure("excess", excess, "noise arm − stability, −2 to 2", False, fixed)

    def _sensitivity(self) -> Iterator[Measure]:
        relative, slopes = self.moves.relative, self.moves.lipschitz()
        share = f"‖a − a'‖ / ‖a‖, {NO_UPPER_END}"
        yield self._measure("max_sensitivity", Figure(_largest(relative), None), share, False)
        yield self._measure("average_sensitivity", self._over_edits(relative), share, False)
        scale = "score per unit of embedding distance, 0 and up"
        yield self._of_known("local_lipschitz", slopes, scale, "no edit moves the embeddings of the input")

    def _relative(self) -> Iterator[Measure]:
        moves, unmoved = self.moves, "no edit moves the embeddings of the input and keeps their number"
        changes = {
            "relative_input_stability": (moves.elementwise_inputs, unmoved),
            "relative_output_stability": (moves.outputs, "the target takes other label positions after the edits"),
            "relative_representation_stability": (moves.hidden, "the model offers no hidden states of these texts"),
        }
        for name, (change, why) in changes.items():
            yield from self._two_logs(name, moves.relative_stability(change), why)

    def _two_logs(self, name: str, values: Floats, why: str) -> Iterator[Measure]:
        """log10 of the largest value, as in the papers, and of the median, which one small denominator cannot move.

        Minus infinity, with a note, for explanations that do not change at all.
        """
        with np.errstate(divide="ignore"):
            logs = np.log10(values)
        yield self._of_known(name, logs, "log10 of the largest ratio over the edits", why)
        known = logs[~np.isnan(logs)]
        if known.size:
            figure = Figure(_median(known), None)
            note = _UNCHANGED if figure.value == -np.inf else ""
            yield self._measure(f"{name}, median", figure, "log10 of the median ratio", False, note, known.size)

    def _of_known(self, name: str, values: Floats, scale: str, why: str) -> Measure:
        n = int((~np.isnan(values)).sum())
        if not n:
            return not_available(name, why, scale, self.about)
        largest = _largest(values)
        return self._measure(name, Figure(largest, None), scale, False, _UNCHANGED if largest == -np.inf else "", n)

    def _crossed(self, statistic: Statistic, low: float = -1, high: float = 1) -> Figure:
        n_texts, n_edits = self.likeness.edit.shape
        return crossed(statistic, n_texts, n_edits, (low, high))

    def _over_edits(self, values: Floats) -> Figure:
        return crossed(lambda _, edits: known_mean(values[edits]), 1, len(values), (0, np.inf))

    def _measure(  # noqa: PLR0913  # the parts of a measure
        self, name: str, figure: Figure, scale: str, higher: bool, note: str = "", n: int | None = None
    ) -> Measure:
        if np.isnan(figure.value):
            return not_available(name, note or "it has no value on these scores", scale, self.about)
        counted = len(self.compared.numbers) if n is None else n
        return Measure(name, figure.value, figure.interval, counted, f"{scale}; {EDITS}", higher, self.about, note)


def _mean_of(pairs: Floats) -> Statistic:
    """The mean of float[explanations, edits] over those that are left in."""
    return lambda texts, edits: known_mean(pairs[np.ix_(texts, edits)])


def _median(logs: Floats) -> float:
    """The median; infinity, the safe side, between one half that does not change and one that changes without end."""
    with np.errstate(invalid="ignore"):
        middle = float(np.median(logs))
    return np.inf if np.isnan(middle) else middle


def _largest(values: Floats) -> float:
    return float(np.nanmax(values))
