"""Everything that is read off the model for one target in one arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.perturbation.evaluation_rows import evaluation_rows
from explain_lib.perturbation.streams import stream
from explain_lib.statistics import kendall

from .arms import Case
from .bounds import Bounds, beam_width, bounds
from .curves import Curves, curves
from .infidelity import Infidelity, infidelity
from .orders import Bools, Floats, Ints, curve_counts, falling, random_pairs
from .settings import FaithfulnessSettings

LEAST_PAIRS, MOST_PAIRS = 4, 100
SHUFFLES = 200


@dataclass(frozen=True, eq=False)
class Ground:
    """What every attribution of a case is held against, the same for all of them.

    Shapes: `hidden` bool[rows, active] and `changes` float[rows]: rows of the evaluation and what the score loses in
    them; `lost` float[active]: what it loses by each unit alone; `counts` int[points] where curves are read. `own` are
    the curves with the span's own units first, None in the context arm; `bounds` None where `why_unbounded` says why.
    """

    hidden: Bools
    changes: Floats
    lost: Floats
    counts: Ints
    random: Curves
    own: Curves | None
    own_scores: Floats
    bounds: Bounds | None
    why_unbounded: str


@dataclass(frozen=True, eq=False)
class Findings:
    """What an attribution gets.

    `order` int[active]; `curves` along one or more orders; `predicted` float[rows]: sums of scores of hidden units;
    `own_infidelity` that of the whole score on the span's own units; `shuffled_infidelity` and `shuffled_tau`
    float[shuffles]: of the same scores on shuffled units.
    """

    order: Ints
    curves: Curves
    predicted: Floats
    infidelity: Infidelity
    own_infidelity: Infidelity | None
    tau: float
    shuffled_infidelity: Floats
    shuffled_tau: Floats


def ground(case: Case, settings: FaithfulnessSettings, seed: int) -> Ground:
    """Ask for the rows that do not depend on the attribution."""
    n = len(case.active)
    keep = evaluation_rows(case.query, settings.rows, seed)[:, case.active]
    changes, lost = _losses(case, "infidelity", keep), _losses(case, "leave one out", ~np.eye(n, dtype=bool))
    counts = curve_counts(n, settings.most_points, settings.thresholds)
    at_random = random_pairs(n, n_pairs(len(counts), settings), stream(seed, "random orders"))
    random = curves(case.asks("random orders", "probability"), at_random, counts)
    own = _own_first(case, counts, settings, seed)
    return Ground(~keep, changes, lost, counts, random, own, _all_on_own(case), *_bounded(case, settings))


def findings(case: Case, found: Ground, settings: FaithfulnessSettings, seed: int) -> Findings:
    """Hold the scores of a case against the ground."""
    orders = falling(case.scores, settings.tie_orders, stream(seed, "ties"))
    hidden = found.hidden.astype(np.float64)
    predicted, draws = hidden @ case.scores, stream(seed, "shuffles")
    shuffled = draws.permuted(np.tile(case.scores, (SHUFFLES, 1)), axis=1)
    return Findings(
        order=orders[0],
        curves=curves(case.asks("orders of the attribution", "probability"), orders, found.counts),
        predicted=predicted,
        infidelity=infidelity(predicted, found.changes),
        own_infidelity=infidelity(hidden @ found.own_scores, found.changes) if case.own.any() else None,
        tau=float(kendall(case.scores, found.lost)),
        shuffled_infidelity=((hidden @ shuffled.T - found.changes[:, None]) ** 2).mean(axis=0),
        shuffled_tau=kendall(shuffled, np.broadcast_to(found.lost, shuffled.shape)),
    )


def n_pairs(n_points: int, settings: FaithfulnessSettings) -> int:
    """How many random orders, each with its reverse, are followed along curves of so many points."""
    return int(np.clip(settings.random_rows // (2 * n_points), LEAST_PAIRS, MOST_PAIRS))


def _losses(case: Case, part: str, keep: Bools) -> Floats:
    """float[rows]: what hiding takes from the score that was explained."""
    full = np.ones((1, keep.shape[1]), dtype=bool)
    values = case.asks(part, case.score)(np.concatenate([full, keep]))
    return np.asarray(values[0] - values[1:])


def _own_first(case: Case, counts: Ints, settings: FaithfulnessSettings, seed: int) -> Curves | None:
    if not case.own.any():
        return None
    orders = falling(case.own.astype(np.float64), settings.tie_orders, stream(seed, "ties"))
    return curves(case.asks("own units first", "probability"), orders, counts)


def _all_on_own(case: Case) -> Floats:
    """float[active]: full − base, shared equally by the span's own units; zeros where there are none."""
    ends = np.array([[False], [True]]).repeat(len(case.active), axis=1)
    base, full = case.asks("infidelity", case.score)(ends)
    return np.asarray((full - base) * case.own / max(1, case.own.sum()))


def _bounded(case: Case, settings: FaithfulnessSettings) -> tuple[Bounds | None, str]:
    n = len(case.active)
    if n < 2:  # noqa: PLR2004  # a single unit
        return None, "a single unit has one order only"
    if n > settings.most_bounded:
        return None, f"{n} units are more than the {settings.most_bounded} for which orders are searched"
    if n > settings.most_points:
        return None, f"curves have a point for {settings.most_points} of the {n} units only; bounds are over every step"
    width = beam_width(n, settings.bound_rows)
    return bounds(case.asks("best and worst order", "probability"), n, width), ""
