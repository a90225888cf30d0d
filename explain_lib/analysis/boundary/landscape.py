"""The span landscape: how likely the model finds the same entity with other ends, all read from one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import Measure, Target, longer, not_available
from explain_lib.perturbation.query import Query

from .entity import Entity

Floats = npt.NDArray[np.float64]
SCALE = "log-probability"
_NEVER = "the model can never return this span"
_ALONE = "no other span with moved ends is legal for this model and text"


@dataclass(frozen=True, eq=False)
class Landscape:
    """Log-probabilities of spans of one type around an entity.

    `log_probs` float64[2 reach + 1, 2 reach + 1]: the left end moved outwards by row − reach label positions, the right
    end by column − reach (negative: inwards); the middle is the entity itself. NaN: not legal (empty, outside the text,
    wider than the model scores, or a tag sequence that it cannot return), or beside the entity without a position in
    common: such a span is no other end of this entity but another entity, which may well be there too.
    """

    entity: Entity
    log_probs: Floats

    @classmethod
    def of(cls, entity: Entity, reach: int) -> Landscape:
        """Read the scores of all legal spans: one row, the text itself, in each window in which they are read.

        Each span is compared with the entity inside one window, so that spans read in two windows stay comparable.
        """
        moves = [move for move in np.ndindex(2 * reach + 1, 2 * reach + 1) if move != (reach, reach)]
        contrasts = {move: _contrast(entity, move[0] - reach, move[1] - reach) for move in moves}
        legal = {move: target for move, target in contrasts.items() if target is not None}
        own = float(_values(entity.query.with_score("log_prob"))[0])
        log_probs = np.full((2 * reach + 1, 2 * reach + 1), np.nan)
        if np.isfinite(own):
            log_probs[reach, reach] = own
            for move, lead in zip(legal, _values(entity.query.with_targets([*legal.values()])), strict=True):
                log_probs[move] = own - lead if np.isfinite(lead) else np.nan
        return cls(entity, log_probs)

    @property
    def reach(self) -> int:
        """How far the ends were moved."""
        return len(self.log_probs) // 2

    @property
    def n_legal(self) -> int:
        """How many spans are legal, the entity's own included."""
        return int((~np.isnan(self.log_probs)).sum())

    @property
    def best_other(self) -> tuple[int, int] | None:
        """How far the ends of the likeliest other span are moved outwards, left and right; None if there is none."""
        if self.n_legal < 2:
            return None
        left, right = np.unravel_index(np.nanargmax(self._others()), self.log_probs.shape)
        return int(left) - self.reach, int(right) - self.reach

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """int64[2 reach + 1]: the character at which the spans of each row start; −1 beyond the text."""
        first, _ = self._place
        return self._characters(first - np.arange(-self.reach, self.reach + 1), side=0)

    @property
    def ends(self) -> npt.NDArray[np.int64]:
        """int64[2 reach + 1]: the character at which the spans of each column end; −1 beyond the text."""
        _, end = self._place
        return self._characters(end - 1 + np.arange(-self.reach, self.reach + 1), side=1)

    @property
    def _place(self) -> tuple[int, int]:
        """The label positions of the entity, half open."""
        return self.entity.query.model.reach(self.entity.target, self.entity.query.encoding)

    def _characters(self, positions: npt.NDArray[np.int64], side: int) -> npt.NDArray[np.int64]:
        extents = self.entity.query.encoding.extents
        inside = (positions >= 0) & (positions < len(extents))
        return np.where(inside, extents[np.clip(positions, 0, len(extents) - 1), side], -1)

    @property
    def likeliest_other(self) -> dict[str, object] | None:
        """The likeliest other span as plain values: how far its ends are moved, its characters, its log-probability."""
        if (move := self.best_other) is None:
            return None
        left, right = move
        span = [int(self.starts[left + self.reach]), int(self.ends[right + self.reach])]
        log_prob = float(self.log_probs[left + self.reach, right + self.reach])
        return {"left": left, "right": right, "span": span, "log_prob": log_prob}

    @property
    def sharpness(self) -> float:
        """Log-probability of the entity minus that of the likeliest other span; below 0 another one is likelier."""
        return float(self.log_probs[self.reach, self.reach] - np.nanmax(self._others()))

    @property
    def entropy(self) -> float:
        """Entropy of the legal spans' shares of probability, divided by the log of their number: 0 to 1."""
        legal = self.log_probs[~np.isnan(self.log_probs)]
        shares = np.exp(legal - legal.max())
        shares /= shares.sum()
        return float(-(shares * np.log(np.where(shares > 0, shares, 1))).sum() / np.log(len(legal)))

    def is_legal(self, left: int, right: int) -> bool:
        """Whether the entity may have its ends moved outwards by so much."""
        inside = max(abs(left), abs(right)) <= self.reach
        return inside and bool(~np.isnan(self.log_probs[left + self.reach, right + self.reach]))

    def measures(self) -> Iterator[Measure]:
        """Log-probability, sharpness and entropy."""
        about = {"target": self.entity.target.name}
        if not self.n_legal:
            names = ("log-probability", "sharpness", "entropy")
            yield from (not_available(name, _NEVER, SCALE, about) for name in names)
            return
        middle = float(self.log_probs[self.reach, self.reach])
        yield Measure("log-probability", middle, None, 1, SCALE, True, about)
        named = (("sharpness", f"difference of {SCALE}", True), ("entropy", "share of its maximum, 0 to 1", False))
        for name, scale, is_better in named:
            if self.n_legal < 2:
                yield not_available(name, _ALONE, scale, about, self.n_legal)
            else:
                value, words = getattr(self, name), f"{scale}; n: legal spans"
                yield Measure(name, value, None, self.n_legal, words, is_better, about)

    def _others(self) -> Floats:
        others = self.log_probs.copy()
        others[self.reach, self.reach] = np.nan
        return others


def _contrast(entity: Entity, left: int, right: int) -> Target | None:
    """The entity versus itself with moved ends; None where the model has no such span, or where the two do not meet."""
    first, end = entity.query.model.reach(entity.target, entity.query.encoding)
    if min(left, right) <= first - end:
        return None
    target = Target(entity.target.span, entity.target.label, longer(left, right))
    try:
        entity.query.with_targets([target])
    except ValueError:
        return None
    return target


def _values(query: Query) -> Floats:
    """float64[targets]: scores on the text itself."""
    return np.asarray(query.value(query.full_row[None])[0])
