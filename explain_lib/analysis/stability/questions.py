"""What is explained: all targets with all units, and each target in the context arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explain_lib.perturbation.query import Arm, Query

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Question:
    """One arm: `query` with the targets of these `indices` of the query that stability was asked about."""

    arm: Arm
    indices: tuple[int, ...]
    query: Query

    def on(self, edited: Query, kept: Bools) -> Query | None:
        """The same question about an edited text, with those targets whose `kept` bool[targets] holds; None for none.

        `edited` is the whole query on the edited text, all targets in their order.
        """
        left = self.left(kept)
        if not left:
            return None
        return self._about(edited, left)

    def of_target(self, edited: Query, index: int) -> Query:
        """The question about one target on an edited text, by its place in the whole query."""
        return self._about(edited, (index,))

    def _about(self, edited: Query, indices: tuple[int, ...]) -> Query:
        asked = edited.with_targets([edited.targets[i] for i in indices])
        return asked if asked.arm == self.arm else asked.context()

    def left(self, kept: Bools) -> tuple[int, ...]:
        """The indices of the targets that are explained on an edited text."""
        return tuple(i for i in self.indices if kept[i])


def questions(query: Query) -> tuple[Question, ...]:
    """All units together first, then the context of each target that has a span; a context query asks for that alone.

    Raises ValueError for a query without targets, and for one that is in the context arm of several spans at once: an
    edit that changes the answer for one of them would let its units be hidden for the others.
    """
    if not query.targets:
        raise ValueError("the query has no targets; give it at least one: query.with_targets([Target(span)]).")
    if query.arm == "context":
        if len({target.span for target in query.targets}) > 1:
            raise ValueError(
                f"the query is in the context arm of several spans at once ({_names(query)}); ask about one at a time: "
                "query.with_targets([target]).context(), or give the query with all units: every target is then asked "
                "about in both arms."
            )
        return (Question("context", tuple(range(query.n_targets)), query),)
    context = [
        Question("context", (i,), query.with_targets([target]).context())
        for i, target in enumerate(query.targets)
        if target.span is not None
    ]
    return (Question("all units", tuple(range(query.n_targets)), query), *context)


def _names(query: Query) -> str:
    return ", ".join(target.name for target in query.targets)
