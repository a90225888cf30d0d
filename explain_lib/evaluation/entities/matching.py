"""Which predicted span answers which gold span: one to one, exact before overlapping, the same type before another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from explain_lib.core import Span

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_EARLIER, _IN_ORDER = 1e-9, 1e-12  # below every difference of overlaps that counts


class Tier(IntEnum):
    """How a predicted span answers a gold span; the lower the better."""

    EXACT_AND_TYPE = 0
    EXACT = 1
    OVERLAP_AND_TYPE = 2
    OVERLAP = 3


@dataclass(frozen=True)
class Match:
    """A gold span and the predicted span that answers it, by their positions in the two lists.

    `iou` is the share of the characters of either that are characters of both (gaps of a span are not its own).
    """

    gold: int
    predicted: int
    tier: Tier
    iou: float


@dataclass(frozen=True)
class Matching:
    """The matches of one text; `touching` are all pairs (gold, predicted) that share a character, matched or not."""

    matches: tuple[Match, ...]
    unmatched_gold: tuple[int, ...]
    unmatched_predicted: tuple[int, ...]
    touching: tuple[tuple[int, int], ...]


def match_spans(gold: Sequence[Span], predicted: Sequence[Span]) -> Matching:
    """Match gold and predicted spans one to one, tier by tier; what one tier matched, later ones leave alone.

    Within a tier as many pairs as possible are made, among those choices the one with the largest sum of
    intersections over union, then the one of the earliest spans. Taking the best pair first instead could leave two
    spans alone that overlap each other's partners, and would call one of them missed and the other spurious. The
    order of the lists does not matter. Cost: cubic in the number of spans that overlap in one chain.
    """
    matches: list[Match] = []
    touching: list[tuple[int, int]] = []
    for g, p in _chains(gold, predicted):
        if len(g) == len(p) == 1:  # as most do: nothing to choose from
            found = _pair(g[0], p[0], gold[g[0]], predicted[p[0]])
            matches += found
            touching += [(one.gold, one.predicted) for one in found]
            continue
        shares = np.array([[intersection_over_union(gold[i], predicted[j]) for j in p] for i in g]).reshape(len(g), -1)
        touching += [(g[i], p[j]) for i, j in np.argwhere(shares > 0).tolist()]
        same = np.array([[gold[i].label == predicted[j].label for j in p] for i in g], bool).reshape(shares.shape)
        matches += [Match(g[i], p[j], tier, float(shares[i, j])) for tier, i, j in _tiers(shares, same)]
    taken_gold, taken_predicted = {m.gold for m in matches}, {m.predicted for m in matches}
    return Matching(
        tuple(sorted(matches, key=lambda match: match.gold)),
        tuple(i for i in range(len(gold)) if i not in taken_gold),
        tuple(j for j in range(len(predicted)) if j not in taken_predicted),
        tuple(sorted(touching)),
    )


def _pair(g: int, p: int, one: Span, other: Span) -> list[Match]:
    """The match of two spans that meet nobody else, if they share a character."""
    share = intersection_over_union(one, other)
    tier = (Tier.EXACT if share == 1 else Tier.OVERLAP) - (one.label == other.label)
    return [Match(g, p, Tier(tier), share)] if share > 0 else []


def intersection_over_union(one: Span, other: Span) -> float:
    """Shared characters over joined characters, from 0 to 1; 1 exactly for spans of the same characters."""
    shared = sum(max(0, min(b, d) - max(a, c)) for a, b in one.parts for c, d in other.parts)
    joined = sum(b - a for span in (one, other) for a, b in span.parts) - shared
    return shared / joined


def _chains(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[tuple[list[int], list[int]]]:
    """Positions of gold and of predicted spans that hang together by overlapping hulls, each in text order."""
    spans = [(span, 0, i) for i, span in enumerate(gold)] + [(span, 1, j) for j, span in enumerate(predicted)]
    chain: tuple[list[int], list[int]] = ([], [])
    reach = 0
    for span, side, at in sorted(spans, key=lambda one: (one[0], one[1:])):
        if span.start >= reach:
            if all(chain):
                yield chain
            chain = ([], [])
        chain[side].append(at)
        reach = max(reach, span.end)
    if all(chain):
        yield chain


def _tiers(shares: Floats, same: Bools) -> Iterator[tuple[Tier, int, int]]:
    free = np.ones(shares.shape, bool)
    exact, overlap = shares == 1, shares > 0
    for tier, allowed in zip(Tier, (exact & same, exact, overlap & same, overlap), strict=True):
        for i, j in _assigned(shares, allowed & free):
            free[i, :] = free[:, j] = False
            yield tier, i, j


def _assigned(shares: Floats, allowed: Bools) -> list[tuple[int, int]]:
    """The largest set of allowed pairs, then the largest sum of shares, then the earliest, then in text order."""
    if not allowed.any():
        return []
    i, j = np.indices(shares.shape)
    worth = min(shares.shape) + 1 + shares - _EARLIER * (i + j) - _IN_ORDER * (i - j) ** 2
    pairs = zip(*linear_sum_assignment(np.where(allowed, worth, 0.0), maximize=True), strict=True)
    return [(int(a), int(b)) for a, b in pairs if allowed[a, b]]
