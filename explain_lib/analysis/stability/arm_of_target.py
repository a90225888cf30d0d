"""One target in one arm: its explanations side by side, and its measures family by family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.core import Attribution, Measure, not_available

from .change import Changes
from .compared import Compared, Likeness, Shared
from .drawn import Drawn
from .explained import Explained
from .figures import EDITS, Figures
from .moves import Moves

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
SHARE = f"share of the edits, 0 to 1; {EDITS}"


@dataclass(frozen=True, eq=False)
class ArmOfTarget:
    """What edits do to the explanation of one target (by its place `index` in the query) in one arm.

    Shapes: `kept` bool[edits] of the bank, whether the model still says the same of the target.
    """

    explained: Explained
    index: int
    drawn: Drawn
    kept: Bools
    compared: Compared
    likeness: Likeness
    moves: Moves

    @classmethod
    def of(cls, explained: Explained, index: int, drawn: Drawn, changes: Changes, rng: int) -> ArmOfTarget:
        """Compare one target of a question's explanations; `rng` draws the permutations of chance correction."""
        column = explained.question.indices.index(index)
        text = [one.target(column) for one in explained.text]
        shared = {}
        for k, edited in explained.edits.items():
            own = edited.target(explained.question.left(drawn.kept[k]).index(index)) if drawn.kept[k, index] else None
            if own is not None:
                shared[k] = Shared.of(text[0], own, drawn.unit_of[k])
        compared = Compared.of(text, shared)
        moves = Moves.of(compared, changes)
        return cls(explained, index, drawn, drawn.kept[:, index], compared, compared.likeness(rng), moves)

    @property
    def text(self) -> Attribution:
        """The explanation of the text."""
        return self.explained.text[0].target(self.explained.question.indices.index(self.index))

    def measures(self, about: Mapping[str, str]) -> Iterator[Measure]:
        """Over all edits, then for each family by itself."""
        asked = self.explained.asked
        yield from self._of_family(asked, {**about, "family": "all families"}, self.drawn.why_no_edits())
        for number, name in enumerate(self.drawn.families):
            yield from self._of_family(asked & (self.drawn.family == number), {**about, "family": name}, "")
        for name, why in self.drawn.bank.unavailable.items():
            yield not_available("stability", why, about={**about, "family": name})

    def _of_family(self, chosen: Bools, about: Mapping[str, str], why_none: str) -> Iterator[Measure]:
        n = int(chosen.sum())
        mine = chosen[self.compared.numbers]
        if n:
            flips = int((chosen & ~self.kept).sum())
            yield Measure("kept", mine.sum() / n, None, n, SHARE, None, about, "edits that are compared")
            yield Measure("flips", flips / n, None, n, SHARE, False, about, "edits that change the prediction")
        if not mine.any():
            yield not_available("stability", why_none or self._why_nothing(chosen), about=about)
            return
        parts = self.compared.subset(mine), self.likeness.subset(mine), self.moves.subset(mine)
        yield from Figures(*parts, about).measures()

    def _why_nothing(self, chosen: Bools) -> str:
        """Why no edit of a family is compared."""
        if not chosen.any():
            return "no edit of it has been tried yet"
        n_active = int(self.text.active.sum())
        if n_active < 2:
            arm = self.explained.question.arm
            return f"{n_active} unit{'s' * (n_active != 1)} may be hidden in the arm of {arm}; it takes two to compare"
        if not self.kept[chosen].any():
            return f"every edit ({chosen.sum()}) changes what the model says of the target"
        failed = [why for k, why in self.explained.failed.items() if chosen[k]]
        return f"the method failed on the edits: {failed[0]}" if failed else "no edit leaves two units as they were"
