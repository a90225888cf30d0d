"""The joint programme: weights that trade three losses and are no worse than one member on any of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .interior import Limits, minimise
from .quadratic import Quadratic, distance_to

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-9
"""Of a loss in units of that of m0."""
LEAST_WEIGHT = 1e-6
LEAST_STABILITY = 1e-6
"""A reference more stable than this share of E[df²] counts as that stable: nobody divides by zero."""


@dataclass(frozen=True)
class FusionTrade:
    """What weighs how much: stability against faithfulness, boundaries beside both, the pull to corpus weights.

    `slack` is how much worse than the reference a loss may become, as a share of it, or of its mean over the corpus
    where a prior knows that and it is more: 0 is the guarantee; 0.2 buys stability where the best member of a text, as
    noisy as it is, leaves no room for it, and the note says so.
    """

    stability: float = 0.3
    boundary: float = 0.3
    corpus: float = 0.05
    slack: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.stability <= 1 or min(self.boundary, self.corpus, self.slack) < 0:
            raise ValueError(f"{self!r}: stability must lie between 0 and 1, the others at 0 or above.")


@dataclass(frozen=True, eq=False)
class Losses:
    """The losses of weights over the same members; None where there was nothing to measure them on.

    `faith` has E[df²] for its constant and `stability` is in the same unit; `boundary` is a share of its own E[df²].
    """

    faith: Quadratic
    stability: Quadratic | None = None
    boundary: Quadratic | None = None

    def every(self) -> tuple[Quadratic, Quadratic | None, Quadratic | None]:
        """All three, in that order."""
        return self.faith, self.stability, self.boundary

    def present(self) -> tuple[Quadratic, ...]:
        """The losses that there are."""
        return tuple(loss for loss in self.every() if loss is not None)

    def only(self, members: npt.NDArray[np.int64]) -> Losses:
        """The losses of some of the members."""
        stability, boundary = (None if q is None else q.only(members) for q in (self.stability, self.boundary))
        return Losses(self.faith.only(members), stability, boundary)

    def table(self, weights: Floats) -> Floats:
        """float64[3, members + 1]: each loss of each member, then of `weights`, as shares of E[df²]; NaN if missing."""
        missing = np.full(len(weights) + 1, np.nan)
        units = ((self.faith, self.faith.constant), (self.stability, self.faith.constant), (self.boundary, 1.0))
        known = [(None if not unit else q, unit) for q, unit in units]
        return np.stack([missing if q is None else np.append(q.alone(), q(weights)) / unit for q, unit in known])


@dataclass(frozen=True, eq=False)
class Solution:
    """Weights float64[members] on the simplex; where no improvement was found, the reference alone."""

    weights: Floats
    is_improvement: bool


def solve(
    losses: Losses,
    reference: int,
    trade: FusionTrade,
    corpus: Floats | None = None,
    guide: Losses | None = None,
    usual: Floats | None = None,
) -> Solution:
    """Minimise (1 − s)·Qf/Qf(m0) + s·Qs/Qs(m0) + b·Qb/Qb(m0) + r·|w − corpus|² where no loss exceeds that of m0.

    m0 is the member `reference`. `usual` float64[3] are what losses of a reference are elsewhere, in the units of
    `losses`: slack is a share of no less. `guide` are losses to minimise in place of `losses`, which the limits are
    always read from (a text's own losses, pooled with those of a corpus). A solution is taken only if it keeps all
    limits to 1e-9 and its objective is below that of m0; otherwise m0 comes back.
    """
    start = np.eye(len(losses.faith.linear))[reference]
    objective = _objective(guide or losses, reference, trade, corpus)
    elsewhere = dict(zip(map(id, losses.every()), np.zeros(3) if usual is None else usual, strict=True))
    limits = [
        (q.times(1 / scale), (q(start) + trade.slack * max(q(start), elsewhere[id(q)])) / scale)
        for q, scale in _scaled(losses, reference)
    ]
    found = _drawn_back(start, minimise(objective, limits, start), objective, limits)
    if objective(found) < objective(start) - TOLERANCE * max(1.0, objective(start)):
        return Solution(found, True)
    return Solution(start, False)


def _objective(losses: Losses, reference: int, trade: FusionTrade, corpus: Floats | None) -> Quadratic:
    shares = {id(losses.faith): 1 - trade.stability, id(losses.stability): trade.stability}
    scaled = [(shares.get(id(q), trade.boundary), q, scale) for q, scale in _scaled(losses, reference)]
    terms = [q.times(share / scale) for share, q, scale in scaled if share]
    if corpus is not None and trade.corpus:
        terms.append(distance_to(corpus).times(trade.corpus))
    total = Quadratic(np.zeros_like(losses.faith.matrix), np.zeros_like(losses.faith.linear))
    for term in terms:
        total = total + term
    return total


def _scaled(losses: Losses, reference: int) -> list[tuple[Quadratic, float]]:
    """Each loss with its unit: the loss of m0, or a millionth of its own E[df²] where m0 hardly has any."""
    power = losses.faith.constant
    units = [q.constant or power if q is losses.boundary else power for q in losses.present()]
    least = [max(LEAST_STABILITY * unit, np.finfo(float).tiny) for unit in units]
    return [(q, max(float(q.alone()[reference]), low)) for q, low in zip(losses.present(), least, strict=True)]


def _drawn_back(start: Floats, found: Floats, objective: Quadratic, limits: Limits) -> Floats:
    """The best point between start and found that keeps the limits; without weights too small to matter."""
    found = np.maximum(found, 0) / np.maximum(found, 0).sum()
    clean = np.where(found < LEAST_WEIGHT, 0.0, found)
    for end in (clean / clean.sum(), found):
        if _keeps(end, limits):
            return end
    step = found - start
    reach = min([1.0, *(_furthest(*loss.along(start, step)) for loss, _ in limits)])
    bend, fall = objective.along(start, step)
    best = reach if bend <= 0 else min(reach, max(0.0, -fall / (2 * bend)))
    ended = start + best * step
    return ended if _keeps(ended, limits) else start


def _keeps(weights: Floats, limits: Limits) -> bool:
    return all(loss(weights) <= limit + TOLERANCE for loss, limit in limits)


def _furthest(bend: float, fall: float) -> float:
    """The largest t in [0, 1] with bend·t² + fall·t ≤ 0."""
    if bend + fall <= 0:
        return 1.0
    return max(0.0, -fall / bend) if bend > 0 else 0.0
