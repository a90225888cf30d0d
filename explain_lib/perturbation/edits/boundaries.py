"""The ends of entities: where stress edits act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from explain_lib.core import Span, Target

from .family import Subject


@dataclass(frozen=True)
class End:
    """One end of an entity: its side, the unit just inside and the one just outside (None at the end of the text)."""

    target: str
    span: Span
    side: str
    inside: int
    outside: int | None

    def about(self, position: str) -> dict[str, Any]:
        """For the record of an edit at `position`: inside, outside, or between the two."""
        return {"target": self.target, "side": self.side, "position": position}

    @property
    def place(self) -> int:
        """The character offset of the end."""
        return self.span.start if self.side == "left" else self.span.end


def ends(subject: Subject) -> Iterator[End]:
    """Both ends of the asked-for entities, else of the gold ones, else of the predicted ones."""
    asked = [target for target in subject.query.targets if target.span is not None]
    others = [Target(span, span.label or "entity") for span in subject.document.spans or subject.protected]
    for target in dict.fromkeys(asked or others):
        assert target.span is not None
        own = np.flatnonzero(subject.query.units.inside(target.span))
        if not len(own):
            continue
        first, last = int(own[0]), int(own[-1])
        before = first - 1 if first else None
        behind = last + 1 if last + 1 < subject.query.n_units else None
        yield End(target.name, target.span, "left", first, before)
        yield End(target.name, target.span, "right", last, behind)


def unit_range(subject: Subject, unit: int) -> tuple[int, int]:
    """The characters of a unit."""
    start, end = subject.query.units.bounds[unit].tolist()
    return start, end
