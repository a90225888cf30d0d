"""What a method will cost, said before it runs."""

from __future__ import annotations

from explain_lib.attribution import (
    Exact, GradientInput, IntegratedGradients, KernelShap, Lime, Method, Occlusion, PermutationShap,
)  # fmt: skip
from explain_lib.perturbation.budget import allowed_rows

_FEW_UNITS = 20


def rows_needed(method: Method, n_active: int) -> int | None:
    """At most so many model rows for `n_active` units, or None for a method that does not say."""
    every_subset = 2**n_active if n_active <= _FEW_UNITS else None
    match method:
        case Exact():
            return every_subset
        case Occlusion():
            return max(1, n_active - method.window + 3)
        case KernelShap() | PermutationShap() | Lime():
            rows = allowed_rows(method.budget, n_active)
            return rows if every_subset is None else min(rows, every_subset)
        case IntegratedGradients():
            return method.steps + 2
        case GradientInput():
            return 3
    return None


def cost_line(method: Method, n_active: int) -> str:
    """The cost in words."""
    rows = rows_needed(method, n_active)
    name = type(method).__name__
    if rows is None:
        return f"{name}: cost not known before it runs"
    passes = "forward and backward passes" if isinstance(method, IntegratedGradients | GradientInput) else "model rows"
    return f"{name}: at most {rows} {passes} for {n_active} units"
