"""Scores of one target before and after edits, side by side on the units that both sides share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution
from explain_lib.statistics import Similarity, corrected_similarity

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Shared:
    """The explanation of one target after an edit, told by the units of the text itself.

    Shapes: `scores` float[units] and `present` bool[units], the units whose text and visibility the edit left as they
    were; scores of all others are 0.
    """

    scores: Floats
    present: Bools

    @classmethod
    def of(cls, text: Attribution, edited: Attribution, unit_of: Ints) -> Shared:
        """From the attributions of both sides, of one target, and the unit of the edited text that each unit is."""
        present = text.active[:, 0] & (unit_of >= 0) & edited.active[unit_of, 0]
        return cls(np.where(present, edited.scores[unit_of, 0], 0.0), present)


@dataclass(frozen=True, eq=False)
class Compared:
    """Everything about one target in one arm from which its figures are made.

    Shapes: `text` float[explanations, units], independent explanations of the text (one where a method draws nothing);
    `edits` float[edits, units] and `present` bool[edits, units] as in `Shared`, `numbers` int[edits], their places in
    the bank. Every edit has at least two units to compare.
    """

    text: Floats
    edits: Floats
    present: Bools
    numbers: Ints

    @classmethod
    def of(cls, text: Sequence[Attribution], edited: Mapping[int, Shared]) -> Compared:
        """From explanations of the text, of one target, and those of its edits by their place in the bank."""
        numbers = [k for k in sorted(edited) if edited[k].present.sum() >= 2]
        shape = len(numbers), len(text[0].units)
        edits = np.array([edited[k].scores for k in numbers], dtype=np.float64).reshape(shape)
        present = np.array([edited[k].present for k in numbers], dtype=bool).reshape(shape)
        scores = np.array([one.scores[:, 0] for one in text])
        return cls(scores, edits, present, np.array(numbers, dtype=np.int64))

    def subset(self, chosen: Bools) -> Compared:
        """The same with some of the edits, bool[edits]."""
        return Compared(self.text, self.edits[chosen], self.present[chosen], self.numbers[chosen])

    def similar(self, measure: Similarity) -> Floats:
        """float[explanations, edits]: a raw similarity of each explanation of the text with that of each edit."""
        shape = len(self.text), *self.edits.shape
        a, b = np.broadcast_to(self.text[:, None], shape), np.broadcast_to(self.edits, shape)
        return measure(a, b, np.broadcast_to(self.present, shape))

    def likeness(self, rng: int) -> Likeness:
        """Chance-corrected similarities of the text with its edits, and with itself on the same units.

        A single explanation is like itself as far as any can be: 1, or less where every permutation of it is as like in
        some of the measures (sizes that are all the same, say), which an edit cannot be blamed for.
        """
        n, (n_edits, n_units) = len(self.text), self.edits.shape
        first, second = np.triu_indices(n, 1) if n > 1 else (np.zeros(1, np.int64), np.zeros(1, np.int64))
        shape = n + len(first), n_edits, n_units
        a = np.concatenate([self.text, self.text[first]])[:, None]
        b = np.concatenate([np.broadcast_to(self.edits, (n, n_edits, n_units)),
                            np.broadcast_to(self.text[second][:, None], (len(first), n_edits, n_units))])  # fmt: skip
        found = corrected_similarity(np.broadcast_to(a, shape), b, np.broadcast_to(self.present, shape), rng)
        noise = np.full((n, n, n_edits), np.nan)
        noise[first, second] = found[n:] if n > 1 else found[n:].round(12)  # of the sums, not of the explanation
        return Likeness(found[:n], noise)

    def spread(self) -> Floats:
        """float[units]: the standard deviation of a unit's score over the edits that left it; NaN below two edits."""
        return _spread(self.edits, self.present)

    def noise_spread(self) -> Floats:
        """float[units]: the same over the explanations of the text itself; 0 where nothing is drawn."""
        return self.text.std(axis=0, ddof=1) if len(self.text) > 1 else np.zeros(self.text.shape[1])


@dataclass(frozen=True, eq=False)
class Likeness:
    """Chance-corrected similarities.

    Shapes: `edit` float[explanations, edits]; `noise` float[explanations, explanations, edits], pairs of explanations
    of the text on the units that the edit left, in the upper triangle (one cell for a single explanation), NaN
    elsewhere.
    """

    edit: Floats
    noise: Floats

    def stability(self, texts: Ints, edits: Ints) -> float:
        """Mean over explanations and edits."""
        return known_mean(self.edit[np.ix_(texts, edits)])

    def noise_arm(self, texts: Ints, edits: Ints) -> float:
        """Mean over pairs of explanations of the text, and the edits on whose units they are compared."""
        return known_mean(self.noise[np.ix_(texts, texts, edits)])

    def excess(self, texts: Ints, edits: Ints) -> float:
        """Noise arm minus edit arm, on the same explanations, edits and units: what the edits alone take."""
        return self.noise_arm(texts, edits) - self.stability(texts, edits)

    @property
    def by_edit(self) -> Floats:
        """float[edits]: the mean over explanations of the text."""
        return np.asarray(self.edit.mean(axis=0))

    @property
    def noise_by_edit(self) -> Floats:
        """float[edits]: the noise arm on the units of each edit."""
        return np.array([known_mean(self.noise[..., k]) for k in range(self.noise.shape[2])])

    def subset(self, chosen: Bools) -> Likeness:
        """The same for some of the edits."""
        return Likeness(self.edit[:, chosen], self.noise[..., chosen])


def known_mean(values: Floats) -> float:
    """The mean of what is not NaN; NaN where nothing is left."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _spread(scores: Floats, present: Bools) -> Floats:
    n = present.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = scores.sum(axis=0) / n
        squares = np.where(present, (scores - mean) ** 2, 0.0).sum(axis=0)
        return np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
