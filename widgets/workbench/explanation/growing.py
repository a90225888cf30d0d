"""The same method with less to ask for first, so that a reader sees something early and sees it get sharper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from explain_lib.attribution import Banzhaf, KernelShap, Method, Owen, PermutationShap
from explain_lib.attribution.black_box import BlackBox
from explain_lib.fusion import Fused, JointFusion
from explain_lib.perturbation import Query
from explain_lib.perturbation.budget import Budget, allowed_rows

SHARES = (1 / 8, 1 / 2)
LEAST_PER_UNIT = 4  # rows: two pairs of orders, so that there is an error to show
TOLERANCES = (1e6, 0.1)  # the first ends after the first round, whatever its error
_PREFIXES = (PermutationShap, Banzhaf, Owen)


def growing(method: Method, query: Query) -> list[Method]:
    """Methods that get dearer and sharper; the last is `method` itself, so that nothing of the end result is new.

    A step costs no row beyond those of the last one where its rows are some of the last one's: orders and pairs that
    are drawn one after the other, rounds of a tolerance, a fusion before its edits (measured: 0 extra rows for
    PermutationShap, Banzhaf, Owen, KernelShap and JointFusion on texts of 22 and 48 units). Lime draws other rows with
    another budget, so that it gets one early look only, at a fifth of its rows (measured: 20 % extra, where two looks
    take 60 %). Methods that ask for little, are exact on so few units, or come from elsewhere, are run at once.
    """
    return [*_steps(method, query), method]


def _steps(method: Any, query: Query) -> Iterator[Any]:
    budget = getattr(method, "budget", None)
    if isinstance(method, Fused):
        yield from _before_edits(method)
    elif isinstance(method, BlackBox) and isinstance(budget, Budget):
        n_units = max(int(part.active.sum()) for _, part in query.parts())
        n_rows = allowed_rows(budget, n_units)
        if n_rows >= 2**n_units:  # all subsets: exact, and few
            return
        if isinstance(method, KernelShap) or getattr(method, "tolerance", None) is not None:
            yield from _looser(method)
        else:
            yield from (step for step in _cheaper(method, n_rows, n_units) if _is_possible(step, query))


def _looser(method: Any) -> Iterator[Any]:
    """Rounds of the very rows that the whole budget holds."""
    own = method.tolerance or 0.0
    return (replace(method, tolerance=tolerance) for tolerance in TOLERANCES if tolerance > 2 * own)


def _cheaper(method: Any, n_rows: int, n_units: int) -> Iterator[Any]:
    shares = SHARES if isinstance(method, _PREFIXES) else SHARES[:1]
    sizes = sorted({max(LEAST_PER_UNIT * n_units, int(share * n_rows)) for share in shares})
    return (replace(method, budget=size) for size in sizes if size <= SHARES[-1] * n_rows)


def _before_edits(method: Fused) -> Iterator[Any]:
    """The fusion fitted to rows of the text alone: running every member on every edit is what takes time."""
    fusion = method.fusion
    if isinstance(fusion, JointFusion) and fusion.calibration.n_edits and method.bank is None:
        yield replace(method, fusion=replace(fusion, calibration=replace(fusion.calibration, n_edits=0)))


def _is_possible(method: Method, query: Query) -> bool:
    """Whether a method takes so small a budget; it is rehearsed without the model, as its cost is."""
    try:
        query.cost(method, is_timed=False)
    except ValueError:
        return False
    return True
