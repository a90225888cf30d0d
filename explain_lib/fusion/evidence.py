"""What a fusion is made from: for one target of one text, everything that its members said and how it held up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .programme import Losses
from .quadratic import Quadratic, mean_of, squared_error, squared_size

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of the model: `hidden` bool[rows, units], and `change` float64[rows], what hiding them took off a score."""

    hidden: Bools
    change: Floats

    def told(self, scores: Floats) -> Floats:
        """float64[rows, members]: the change that scores float64[members, units] foretell for each row."""
        return np.asarray(self.hidden @ scores.T)

    def halves(self, share: float) -> tuple[Rows, Rows]:
        """The first `share` of the rows, and the rest."""
        at = round(share * len(self.change))
        return Rows(self.hidden[:at], self.change[:at]), Rows(self.hidden[at:], self.change[at:])

    def apart(self, others: Sequence[Rows]) -> Rows:
        """The rows that hide what no row of the others hides."""
        known = {row.tobytes() for other in others for row in other.hidden}
        new = np.array([row.tobytes() not in known for row in self.hidden], dtype=bool)
        return Rows(self.hidden[new], self.change[new])


@dataclass(frozen=True, eq=False)
class Near:
    """One boundary of the span: the members' scores of its margin, judged where units next to it are hidden.

    `scores` float64[members, units]; `rows` hide units near the end; `wide` hide any units, and give the scale.
    """

    side: str
    scores: Floats
    rows: Rows
    wide: Rows


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of one target of one text.

    Shapes: `scores`, `std_error` float64[members, units] and `dof` float64[members], as the members gave them;
    `active`, `own` bool[units]; `edited`, `edited_error` float64[edits, members, units], the same on edited texts, NaN
    where an edit has no such unit or hides it. `rows` are for fitting, `fresh` for checking. `kind` says what the
    target asks, without its place; `words` are the texts of the units; `arm` and `document` (a hash of its id or text)
    tell which part of a corpus may be used. `said` are reasons why a part is missing. `is_margin`: the target is the
    margin of a boundary, and `near` its own rows next to that boundary.
    """

    members: tuple[Any, ...]
    words: tuple[str, ...]
    kind: str
    own: Bools
    active: Bools
    scores: Floats
    std_error: Floats
    dof: Floats
    rows: Rows
    fresh: Rows
    edited: Floats
    edited_error: Floats
    near: tuple[Near, ...] = ()
    arm: str = ""
    document: str = ""
    said: tuple[str, ...] = ()
    is_margin: bool = False

    @property
    def n_members(self) -> int:
        """How many members there are."""
        return len(self.members)

    def scales(self) -> Floats:
        """float64[members]: the factor that brings each member closest to the model, E[(I·φ)df] / E[(I·φ)²].

        0 for a member that says nothing, or the opposite of what the model does.
        """
        return scales_on(self.rows, self.scores)

    def scaled(self, scales: Floats) -> Evidence:
        """The same with every member in units of the score; margins are scaled by what their own `wide` rows say."""
        by = scales[:, None]
        near = tuple(replace(n, scores=n.scores * scales_on(n.wide, n.scores)[:, None]) for n in self.near)
        return replace(
            self, scores=self.scores * by, std_error=self.std_error * by, near=near,
            edited=self.edited * by, edited_error=self.edited_error * by,
        )  # fmt: skip

    def with_members(self, more: Sequence[Member]) -> Evidence:
        """The same with further members at the end."""
        if not more:
            return self
        near = tuple(
            replace(n, scores=np.concatenate([n.scores, [member.near[i] for member in more]]))
            for i, n in enumerate(self.near)
        )
        edited = [np.stack([getattr(m, name) for m in more], axis=1) for name in ("edited", "edited_error")]
        return replace(
            self, members=(*self.members, *(m.method for m in more)), near=near,
            scores=np.concatenate([self.scores, [m.scores for m in more]]),
            std_error=np.concatenate([self.std_error, [m.std_error for m in more]]),
            dof=np.append(self.dof, [m.dof for m in more]),
            edited=np.concatenate([self.edited, edited[0]], axis=1),
            edited_error=np.concatenate([self.edited_error, edited[1]], axis=1),
        )  # fmt: skip

    def margins(self) -> tuple[Evidence, ...]:
        """Each boundary's margin as a target of its own, as far as it is known: no edits, no errors, no rows kept apart
        for checking.
        """
        gone, unknown = np.zeros((0, *self.scores.shape)), np.full_like(self.scores, np.nan)
        return tuple(
            replace(
                self, kind=f"{self.kind}, {near.side} margin", scores=near.scores, std_error=unknown, edited=gone,
                edited_error=gone, rows=near.wide, fresh=near.wide, near=(near,), is_margin=True,
            )
            for near in self.near
        )  # fmt: skip

    def changes(self) -> Floats:
        """float64[edits, units, members]: what each edit did to each score; 0 where there is nothing to compare."""
        return np.asarray(np.nan_to_num(self.scores - self.edited, nan=0.0).transpose(0, 2, 1))

    def losses(self) -> Losses:
        """The three losses of weights over these members, as they are scaled now."""
        near = [near_loss(n) for n in self.near if n.rows.change.any()]
        return Losses(
            squared_error(self.rows.told(self.scores), self.rows.change),
            squared_size(self.changes()) if len(self.edited) else None,
            mean_of(near) if near else None,
        )

    def apart(self, other: Evidence) -> Evidence:
        """The same, with those rows alone that the other evidence about the same text does not have."""
        known = (other.rows, other.fresh, *(near.rows for near in other.near))
        near = tuple(replace(n, rows=n.rows.apart(known)) for n in self.near)
        return replace(self, rows=self.rows.apart(known), fresh=self.fresh.apart(known), near=near)

    def explained(self) -> Floats:
        """float64[members]: R² = 1 − Qf / E[df²] on the fresh rows; −inf where nothing changes there."""
        power = float(np.mean(self.fresh.change**2)) if len(self.fresh.change) else 0.0
        if not power:
            return np.full(self.n_members, -np.inf)
        errors = (self.fresh.told(self.scores) - self.fresh.change[:, None]) ** 2
        return np.asarray(1 - errors.mean(axis=0) / power)

    def variance(self) -> Floats:
        """float64[members, units]: std_error² and the spread over edits that sampling alone does not explain."""
        sampling = np.nan_to_num(self.std_error, nan=0.0) ** 2
        return np.asarray(sampling + self.spread())

    def spread(self) -> Floats:
        """float64[members, units]: variance over edits, less what sampling puts into it; 0 where two are not there."""
        if len(self.edited) < 2:
            return np.zeros_like(self.scores)
        there = ~np.isnan(self.edited)
        n = there.sum(axis=0)
        values, errors = np.where(there, self.edited, 0.0), np.where(there, np.nan_to_num(self.edited_error), 0.0)
        mean = values.sum(axis=0) / np.maximum(n, 1)
        spread = np.where(there, (values - mean) ** 2, 0.0).sum(axis=0) / np.maximum(n - 1, 1)
        sampling = (errors**2).sum(axis=0) / np.maximum(n, 1)
        return np.where(n > 1, np.maximum(0.0, spread - sampling), 0.0)


@dataclass(frozen=True, eq=False)
class Member:
    """A member that is made from the others: arrays as in Evidence, without the axis of members."""

    method: Any
    scores: Floats
    std_error: Floats
    dof: float
    edited: Floats
    edited_error: Floats
    near: tuple[Floats, ...]

    def times(self, scale: float) -> Member:
        """In another unit; margins have units of their own."""
        scaled = {n: getattr(self, n) * scale for n in ("scores", "std_error", "edited", "edited_error")}
        return replace(self, **scaled)


def scales_on(rows: Rows, scores: Floats) -> Floats:
    """float64[members]: the least-squares factor of each row of scores, at least 0."""
    told = rows.told(scores)
    power = (told**2).sum(axis=0)
    together = told.T @ rows.change
    return np.asarray(np.divide(np.maximum(together, 0.0), power, out=np.zeros(len(scores)), where=power > 0))


def near_loss(near: Near) -> Quadratic:
    """The error near one boundary, as a share of E[df²] there, so that both sides weigh the same."""
    loss = squared_error(near.rows.told(near.scores), near.rows.change)
    return loss.times(1 / loss.constant)
