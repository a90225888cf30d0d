"""The edits of a text as stability uses them: what they ask, which units they leave, and which answers they change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.edits import Bank
from explain_lib.perturbation.query import Query

from .answers import same_answers

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """The edits of `bank`, in its order.

    `edited` are the query after each edit. Shapes: `unit_of` one int[units] per edit, the unit of the edited text that
    each unit is, −1 for none; `kept` bool[edits, targets], whether the model says the same of a target as before.
    """

    bank: Bank
    edited: tuple[Query, ...]
    unit_of: tuple[Ints, ...]
    kept: Bools

    @classmethod
    def of(cls, bank: Bank, query: Query) -> Drawn:
        """Put a query to every edit of a bank, which costs a full row of each."""
        edited = tuple(bank.on(query))
        unit_of = tuple(edit.unit_of(query, one) for edit, one in zip(bank.edits, edited, strict=True))
        return cls(bank, edited, unit_of, same_answers(query, edited))

    @property
    def families(self) -> tuple[str, ...]:
        """The names of the families that have edits."""
        return self.bank.families

    @property
    def family(self) -> Ints:
        """int[edits]: the place of each edit's family in `families`."""
        place = {name: i for i, name in enumerate(self.families)}
        return np.array([place[edit.family.name] for edit in self.bank.edits], dtype=np.int64)

    def first(self, n: int) -> Bools:
        """bool[edits]: `n` of the edits, taken from the families in turn."""
        family = self.family
        place = np.array([int((family[:k] == family[k]).sum()) for k in range(len(family))])
        chosen = np.zeros(len(family), dtype=bool)
        chosen[np.lexsort((family, place))[:n]] = True
        return chosen

    @property
    def cost(self) -> int:
        """Rows of other models that drawing took."""
        costs = {edit.family.name: edit.family.cost for edit in self.bank.edits}
        return sum(n * costs.get(name, 0) for name, n in self.bank.drawn.items())

    def why_no_edits(self) -> str:
        """Why there is nothing to compare; empty where there are edits."""
        if self.edited:
            return ""
        reasons = [f"{name}: {why}" for name, why in self.bank.unavailable.items()]
        return f"there is no edit of this text ({'; '.join(reasons) or 'the bank holds none that keeps labels'})"
