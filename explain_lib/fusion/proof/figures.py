"""The figures of one column on rows and edits that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explain_lib.evaluation.faithfulness.bounds import beam_width, bounds
from explain_lib.evaluation.faithfulness.curves import curves
from explain_lib.evaluation.faithfulness.orders import curve_counts, falling
from explain_lib.fusion.evidence import Evidence, Floats, Rows
from explain_lib.perturbation.query import Query
from explain_lib.statistics import corrected_similarity

from .column import Column


@dataclass(frozen=True)
class Figure:
    """A figure by name, on its scale; `margin` is what counts as no worse (absolute, or a share of the best)."""

    name: str
    scale: str
    higher_is_better: bool
    margin: float = 0.0
    is_relative: bool = False


STABILITY = Figure("stability", "chance-corrected similarity under held-out edits, −1 to 1", True)
INFIDELITY = Figure("infidelity", "share of E[df²] on fresh rows, 0 is perfect", False, 0.05, True)
BOUNDARY = Figure("boundary infidelity", "share of E[df²] of the margins on rows near the ends", False, 0.05, True)
CHANGE = Figure("squared change", "squared change under held-out edits over E[df²]", False)
NAOPC = Figure("NAOPC", "share of the way from the worst to the best order of hiding, 0 to 1", True, 0.02)
FIGURES = (STABILITY, INFIDELITY, BOUNDARY, CHANGE, NAOPC)
TIES, MOST_BOUNDED = 5, 60


def figures(columns: list[Column], judge: Evidence, query: Query, bound_rows: int, rng: np.random.Generator) -> Floats:
    """float64[columns, figures], NaN where a figure cannot be had; no row of `judge` was used to fit."""
    rows = Rows(
        np.concatenate([judge.rows.hidden, judge.fresh.hidden]), np.concatenate([judge.rows.change, judge.fresh.change])
    )
    power = float(np.mean(rows.change**2)) if len(rows.change) else 0.0
    seed = int(rng.integers(2**31))
    order = _orders(columns, judge, query, bound_rows, rng) if bound_rows else np.full(len(columns), np.nan)
    found = []
    for number, column in enumerate(columns):
        there = ~np.isnan(column.edited)
        same = np.nan_to_num(column.edited, nan=0.0)
        alike = corrected_similarity(np.broadcast_to(column.scores, same.shape), same, there, seed)
        change = np.where(there, column.scores - same, 0.0)
        found.append([
            float(np.nanmean(alike)) if alike.size and not np.isnan(alike).all() else np.nan,
            float(np.mean((rows.hidden @ column.scores - rows.change) ** 2)) / power if power else np.nan,
            _boundary(column, judge),
            float(np.mean((change**2).sum(axis=1))) / power if power and len(change) else np.nan,
            float(order[number]),
        ])  # fmt: skip
    return np.array(found)


def _boundary(column: Column, judge: Evidence) -> float:
    """Of both ends together: an end that hardly reacts would make a share without bounds."""
    lost = power = 0.0
    for near, scores in zip(judge.near, column.near, strict=True):
        if len(near.rows.change):
            lost += float(np.mean((near.rows.hidden @ scores - near.rows.change) ** 2))
            power += float(np.mean(near.rows.change**2))
    return lost / power if power else np.nan


def _orders(columns: list[Column], judge: Evidence, query: Query, n_rows: int, rng: np.random.Generator) -> Floats:
    """float64[columns]: the area over the deletion curve between its bounds, on the target's probability."""
    active = np.flatnonzero(judge.active)
    n = len(active)
    if n < 2 or n > MOST_BOUNDED:
        return np.full(len(columns), np.nan)
    asked = query.with_score("probability")

    def ask(keep: np.ndarray) -> Floats:
        whole = np.ones((len(keep), query.n_units), dtype=bool)
        whole[:, active] = keep
        return asked.value(whole)[:, 0]

    least, greatest = bounds(ask, n, beam_width(n, n_rows)).over_deletion
    if not greatest - least > 1e-9:
        return np.full(len(columns), np.nan)
    orders = [falling(column.scores[active], TIES, rng) for column in columns]
    areas = curves(ask, np.concatenate(orders), curve_counts(n, MOST_BOUNDED, (50,))).area_over_deletion
    parts = np.split(areas, np.cumsum([len(order) for order in orders])[:-1])
    return np.array([np.clip((part.mean() - least) / (greatest - least), 0.0, 1.0) for part in parts])
