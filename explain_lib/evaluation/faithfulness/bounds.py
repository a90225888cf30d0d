"""The best and the worst order of units: what any explanation could reach, and what it cannot fall below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .curves import Ask, Curves
from .orders import Bools, Floats


@dataclass(frozen=True, eq=False)
class Bounds:
    """Two orders of all units: the one along which hiding takes most from the target, and the one that takes least.

    Shapes: `best`, `worst` float[units + 1]: the target with 0, 1, … all units hidden along them. `width` is the
    number of sets of units that the search kept at a time; `is_exact` says that it never had to drop one.
    """

    best: Floats
    worst: Floats
    width: int
    is_exact: bool

    @property
    def over_deletion(self) -> tuple[float, float]:
        """The least and the greatest area over a deletion curve."""
        least, greatest = (float(path[0] - path[1:].mean()) for path in (self.worst, self.best))
        return least, greatest

    @property
    def over_insertion(self) -> tuple[float, float]:
        """The least and the greatest area over an insertion curve: those of the same orders, backwards.

        Keeping the first k units of an order is hiding the first n − k of its reverse.
        """
        least, greatest = (float(path[0] - path[:-1].mean()) for path in (self.worst, self.best))
        return least, greatest

    @property
    def extremes(self) -> tuple[Curves, Curves]:
        """The worst and the best of both curves; insertion along an order is deletion along its reverse, backwards."""
        counts = np.arange(len(self.best))
        worst = Curves(counts, self.worst[None], self.best[None, ::-1])
        return worst, Curves(counts, self.best[None], self.worst[None, ::-1])


@dataclass(frozen=True, eq=False)
class _Beam:
    """Sets of `hidden` units of one size, bool[sets, units], and the lowest path to each, float[sets, size + 1]."""

    hidden: Bools
    paths: Floats

    def grown(self) -> tuple[Bools, Floats]:
        """All sets with one more unit, each once, with the lowest path that leads to one of its parts."""
        sets, units = np.nonzero(~self.hidden)
        hidden = self.hidden[sets].copy()
        hidden[np.arange(len(units)), units] = True
        by_sum = np.argsort(self.paths[sets].sum(axis=1), kind="stable")
        _, first = np.unique(np.packbits(hidden[by_sum], axis=1), axis=0, return_index=True)
        chosen = by_sum[np.sort(first)]
        return hidden[chosen], self.paths[sets[chosen]]


def bounds(ask: Ask, n_units: int, width: int | None) -> Bounds:
    """Search orders of `n_units` units for the extreme areas; `width` None keeps every set, which is exact.

    A set of hidden units has the same value however it was reached, so of all orders that lead to a set only the best
    is kept: without a limit that is the exact optimum over all orders, for 2 ** units rows. A beam asks for at most
    width · units · (units − 1) rows, and its bounds lie within the true ones. Source: Edin et al. (2024), NAOPC.
    """
    ends = ask(np.array([[True], [False]]).repeat(n_units, axis=1))
    signs, is_exact = np.array([1.0, -1.0]), True  # the lowest path hides what matters first, the highest last
    beams = [_Beam(np.zeros((1, n_units), dtype=bool), sign * ends[:1, None]) for sign in signs]
    for _ in range(n_units - 1):
        grown = [beam.grown() for beam in beams]
        values = ask(~np.concatenate([hidden for hidden, _ in grown]))
        parts = np.split(values, [len(grown[0][0])])
        beams = []
        for sign, (hidden, paths), new in zip(signs, grown, parts, strict=True):
            longer = np.concatenate([paths, sign * new[:, None]], axis=1)
            kept = np.argsort(longer.sum(axis=1), kind="stable")[:width]
            is_exact = is_exact and len(kept) == len(longer)
            beams.append(_Beam(hidden[kept], longer[kept]))
    best, worst = (
        np.append(sign * beam.paths[beam.paths.sum(axis=1).argmin()], ends[1])
        for sign, beam in zip(signs, beams, strict=True)
    )
    return Bounds(best, worst, 0 if width is None else width, is_exact)


def beam_width(n_units: int, rows: int) -> int | None:
    """How wide a beam `rows` allow for both bounds; None where they allow all subsets."""
    if 2**n_units <= rows:
        return None
    return max(1, rows // (n_units * (n_units - 1)))
