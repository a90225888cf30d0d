"""What plugs in: families of edits, and the edits that they draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Span, Target

if TYPE_CHECKING:
    from explain_lib.perturbation.evaluations import Evaluations
    from explain_lib.perturbation.query import Query

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Edit(Protocol):
    """One edit: the same question about a text, or under a view of a model, that differs a little."""

    @property
    def family(self) -> Family:
        """The family that drew it."""
        ...

    def on(self, query: Query, known: Evaluations | None = None) -> Query:
        """The question of `query` after the edit, its targets moved.

        `known` is the table of rows of an earlier answer about the same text and model: what was run is not run again.
        """
        ...

    def unit_of(self, query: Query, edited: Query) -> Ints:
        """int[units of query]: the unit of `edited` with the same text and visibility, −1 where there is none."""
        ...

    def moved(self, span: Span) -> Span | None:
        """Where a span of the text lies after the edit; None where it is cut."""
        ...

    def record(self) -> dict[str, Any]:
        """The edit in plain values, for reports."""
        ...


class Family(Protocol):
    """A kind of edit: a frozen dataclass whose fields are its settings and whose repr is its provenance.

    `languages` None means any. `keeps_label`: whether entities keep their labels and ends after it, by design; edits of
    a family that does not (stress edits) are never used as if they did. `cost`: rows of another model per drawn edit.
    """

    @property
    def name(self) -> str:
        """A short plain name."""
        ...

    @property
    def languages(self) -> tuple[str, ...] | None:
        """The language codes for which it has word lists; None = all."""
        ...

    @property
    def keeps_label(self) -> bool:
        """Whether entities keep label and ends."""
        ...

    @property
    def cost(self) -> int:
        """Rows of a masked language model, or the like, that one drawn edit takes."""
        ...

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """Up to `n` different edits, before any gate; fewer, or none, where the text gives no occasion.

        Asked for more with an equal `rng`, a family gives the same edits first.
        """
        ...


@dataclass(frozen=True, eq=False)
class Subject:
    """What an edit is drawn for: a question, and the spans (gold, predicted, asked for) that it must leave alone."""

    query: Query
    protected: tuple[Span, ...]

    @property
    def document(self) -> Document:
        """The text."""
        return self.query.document

    def free_units(self, margin: int = 1) -> Bools:
        """bool[units]: visible units outside every protected span and farther than `margin` units from its ends."""
        near = np.zeros(self.query.n_units, dtype=bool)
        for span in self.protected:
            own = self.query.units.inside(span)
            for shift in range(-margin, margin + 1):
                near |= np.roll(np.pad(own, margin), shift)[margin : margin + len(own)]
        return np.asarray(self.query.with_targets([]).active & ~near)


def moved_targets(targets: tuple[Target, ...], edit: Edit) -> list[Target]:
    """The targets after an edit; ValueError where it cuts one."""
    found = []
    for target in targets:
        span = None if target.span is None else edit.moved(target.span)
        if span is None and target.span is not None:
            raise ValueError(
                f"an edit of {edit.family.name!r} cuts the span of target {target.name!r}; draw the bank with this "
                "target in the query, so that it is protected."
            )
        found.append(Target(span, target.label, target.versus, target.margin))
    return found
