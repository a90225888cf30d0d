"""Budgets: how many distinct rows a method may ask for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PerUnit:
    """So many rows for each active unit, so that one setting serves short and long texts."""

    rows: int

    def __post_init__(self) -> None:
        if self.rows < 1:
            raise ValueError(f"PerUnit({self.rows}) allows no rows; give at least 1 row per unit.")


@dataclass(frozen=True)
class PerPair:
    """So many rows for each pair of active units: what interactions need, which have one unknown a pair."""

    rows: int

    def __post_init__(self) -> None:
        if self.rows < 1:
            raise ValueError(f"PerPair({self.rows}) allows no rows; give at least 1 row per pair of units.")


Budget = int | PerUnit | PerPair
"""A number of rows, or a number of rows per active unit or per pair of them. Empty and full row are counted."""


def allowed_rows(budget: Budget, n_units: int) -> int:
    """The number of distinct rows that `budget` allows for a game of `n_units` units (never below empty and full)."""
    if isinstance(budget, PerUnit):
        return max(2, budget.rows * n_units)
    if isinstance(budget, PerPair):
        return max(4, budget.rows * (n_units * (n_units - 1) // 2))
    if budget < 2:
        raise ValueError(f"a budget of {budget} rows is too small; the empty and the full row alone take 2.")
    return int(budget)
