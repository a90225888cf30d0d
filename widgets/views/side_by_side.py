"""One target under several methods: a row a unit, a column a method, all bars on one scale in units of the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution

from .heat import largest, number, quantity, target_name
from .names import layer_names, method_name
from .text import visible

TOP = 30
MOST_RANKED = 2000
"""Units: ranks compare every pair, which takes seconds beyond."""
_NOTHING = 1e-9
"""Of the strongest: what rounding alone may leave."""
Floats = npt.NDArray[np.float64]
View = dict[str, Any]


def side_by_side_view(
    attributions: Sequence[Attribution],
    target: int = 0,
    by_size: bool = True,
    top: int = TOP,
    so_far: Collection[int] = (),
) -> View:
    """{"target", "quantity", "lang", "by_size", "reach", "columns", "rows", "notes"} of attributions of one query.

    Rows are the `top` units that are strongest in any column, from the strongest in the first column down (`by_size`)
    or in the order of the text: {"unit", "name", "tied" (not told from the row above by the first column), "cells"}.
    A cell is {"score", "error", "low", "high", "best", "worst"}: the 95 % interval and the ranks by size that the unit
    may hold; a fused one has "parts", what each member adds, and "local", the share that comes from this text; None
    where the unit was always kept. Columns: {"name", "about", "rows", "factor", "so_far", "members"}. Bars are scores
    times `factor`, which is 1 but for methods that do not count in units of the score: they are brought to the sum of
    absolute scores of the first column that does. `reach` is the largest number on the axis. `so_far` names columns
    that are still getting sharper. Raises ValueError for none, and for attributions of different texts or targets.
    """
    if not attributions:
        raise ValueError("there is nothing to show side by side; give at least one attribution.")
    ones = [attribution.target(target) for attribution in attributions]
    _check(ones)
    factors = _factors(ones)
    chosen = _strongest(ones, factors, top)
    if by_size:
        chosen = chosen[np.argsort(-np.abs(ones[0].scores[chosen, 0]), kind="stable")]
    tables = [_Column(one, factor) for one, factor in zip(ones, factors, strict=True)]
    words = [visible(word) for word in ones[0].units.texts]
    seen, ends = Counter(words), [table.reach(chosen) for table in tables]
    rows = [
        {
            "unit": i, "name": f"{words[i]} ({i + 1})" if seen[words[i]] > 1 else words[i],
            "tied": by_size and k > 0 and tables[0].is_tied(int(chosen[k - 1]), i),
            "cells": [table.cell(i) for table in tables],
        }
        for k, i in enumerate(chosen.tolist())
    ]  # fmt: skip
    arm = f" · {ones[0].provenance.arm}"  # that of the question, and so of every column
    names = [name.removesuffix(arm) for name in layer_names([(one, 0) for one in ones])]
    columns = [t.head(name, k in so_far) for k, (t, name) in enumerate(zip(tables, names, strict=True))]
    text = ones[0].units.document
    return {
        "target": target_name(ones[0].targets[0], text.text), "quantity": quantity(ones[0]), "lang": text.lang,
        "by_size": by_size, "reach": number(max(ends, default=0.0)), "columns": columns, "rows": rows,
        "notes": _notes(ones, factors, len(words) - len(rows)),
    }  # fmt: skip


class _Column:
    """One attribution of one target, ready to be read unit by unit."""

    def __init__(self, one: Attribution, factor: float) -> None:
        self.one, self.factor = one, factor
        self.low, self.high = one.interval(0.95)[:, :, 0]
        self.ranks = one.ranks(by_size=True) if len(one.units) <= MOST_RANKED else None
        self.parts = None if one.fusion is None else one.fusion.parts
        self.local = None if one.fusion is None else one.fusion.local_share

    def cell(self, i: int) -> View | None:
        """What stands in the row of a unit; None where it was always kept."""
        if not self.one.active[i, 0]:
            return None
        best, worst = (0, 0) if self.ranks is None else (int(self.ranks.best[i, 0]), int(self.ranks.worst[i, 0]))
        cell: View = {
            "score": number(self.one.scores[i, 0]), "error": number(self.one.std_error[i, 0]),
            "low": number(self.low[i]), "high": number(self.high[i]), "best": best, "worst": worst,
        }  # fmt: skip
        if self.parts is not None:
            cell["parts"] = [number(part) for part in self.parts[:, i, 0]]
        if self.local is not None and (self.local[self.one.active] != 1).any():
            cell["local"] = number(self.local[i, 0])
        return cell

    def is_tied(self, above: int, unit: int) -> bool:
        """Whether the errors leave open which of two units weighs more."""
        return self.ranks is not None and bool(self.ranks.tied[above, unit, 0])

    def reach(self, units: npt.NDArray[np.int64]) -> float:
        """The largest number that a bar or its error reaches, on the shared scale."""
        own = [self.one.scores[units], self.low[units, None], self.high[units, None]]
        stacked = [] if self.parts is None else [np.abs(self.parts[:, units, 0]).sum(axis=0)[:, None]]
        return self.factor * largest(np.concatenate([*own, *stacked], axis=None) if len(units) else [])

    def head(self, name: str, so_far: bool) -> View:
        """The head of the column."""
        return {
            "name": name, "about": visible(repr(self.one.method)), "rows": self.one.n_evals,
            "factor": number(self.factor), "so_far": so_far, "members": self._members(),
        }  # fmt: skip

    def _members(self) -> list[View]:
        detail = self.one.fusion
        if detail is None or detail.parts is None:
            return []
        names = [visible(method_name(member, detail.members)) for member in detail.members]
        return [{"name": name, "weight": number(w)} for name, w in zip(names, detail.weights[:, 0], strict=True)]


def _check(ones: Sequence[Attribution]) -> None:
    first = ones[0]
    for other in ones[1:]:
        if other.units.document != first.units.document or not np.array_equal(other.units.bounds, first.units.bounds):
            raise ValueError("the attributions are about different documents or units; show those of one query.")
        if other.targets != first.targets:
            raise ValueError(
                f"one attribution is about {first.targets[0].name} and another about {other.targets[0].name}; show "
                "those of one target."
            )


def _factors(ones: Sequence[Attribution]) -> list[float]:
    """What each column is multiplied with so that all stand on one scale."""
    counted = [one for one in ones if in_score_units(one)]
    reference = (counted or list(ones))[0]
    return [1.0 if one is reference or one in counted else _ratio(reference, one) for one in ones]


def _ratio(reference: Attribution, one: Attribution) -> float:
    """The sum of absolute scores of a reference over that of another, over units that both score."""
    both = reference.active & one.active
    own, other = np.nansum(np.abs(one.scores[both])), np.nansum(np.abs(reference.scores[both]))
    return float(other / own) if own > 0 and other > 0 else 1.0


def in_score_units(one: Attribution) -> bool:
    """Whether scores count in units of the explained score: not attention, and not ranks."""
    if one.fusion is not None and one.fusion.scales is not None:
        return not bool(np.isnan(one.fusion.scales).all())
    return bool(getattr(one.method, "in_score_units", True))


def _strongest(ones: Sequence[Attribution], factors: Sequence[float], top: int) -> npt.NDArray[np.int64]:
    """Units with a score, the `top` strongest on the shared scale in any column, in the order of the text."""
    sizes: Floats = np.array([f * np.nan_to_num(np.abs(o.scores[:, 0])) for o, f in zip(ones, factors, strict=True)])
    strength = sizes.max(axis=0)
    order = np.argsort(-strength, kind="stable")
    return np.sort(order[strength[order] > _NOTHING * strength.max(initial=0)][:top])


def _notes(ones: Sequence[Attribution], factors: Sequence[float], n_left_out: int) -> list[str]:
    kept = int((~ones[0].active).sum())
    scaled = [method_name(one.method) for one, factor in zip(ones, factors, strict=True) if factor != 1.0]
    left_out = f"{_units(n_left_out, 'stands', 'stand')} not here: weaker, or always kept ({kept})."
    notes = [left_out] if n_left_out else []
    if scaled:
        notes.append(
            f"{', '.join(scaled)} {'does' if len(scaled) == 1 else 'do'} not count in units of the score: bars are "
            "scaled to the same sum, and only their order and signs can be compared."
        )
    if len(ones[0].units) > MOST_RANKED:
        notes.append(f"Ranks and ties are not worked out for more than {MOST_RANKED} units.")
    return notes


def _units(n: int, one: str, many: str) -> str:
    return f"{n} unit {one}" if n == 1 else f"{n} units {many}"
