"""What the reader did to a text, step by step, with a way back and forth again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explain_lib.perturbation.edits import Change


@dataclass(frozen=True)
class Step:
    """A state of the text: what is replaced in it, in characters of the document, and which units are hidden."""

    changes: tuple[Change, ...] = ()
    hidden: tuple[int, ...] = ()

    def record(self) -> dict[str, Any]:
        """As plain values; replaced words are text, and belong in a store only."""
        return {"changes": [[one.start, one.end, one.text] for one in self.changes], "hidden": list(self.hidden)}


def read_step(record: Mapping[str, Any]) -> Step:
    """A step as `record` wrote it."""
    changes = tuple(Change(int(start), int(end), str(text)) for start, end, text in record["changes"])
    return Step(changes, tuple(map(int, record["hidden"])))


class Steps:
    """The states that a text went through; a new one cuts off those that were undone."""

    def __init__(self) -> None:
        self._states, self._at = [Step()], 0

    @property
    def now(self) -> Step:
        """The state that is shown."""
        return self._states[self._at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before this one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a state was undone."""
        return self._at + 1 < len(self._states)

    def go(self, state: Step) -> None:
        """A new state; one that is equal to the present one is no step."""
        if state != self.now:
            self._states = [*self._states[: self._at + 1], state]
            self._at += 1

    def undo(self) -> None:
        """One state back, if there is one."""
        self._at = max(0, self._at - 1)

    def redo(self) -> None:
        """One state on, if one was undone."""
        self._at = min(len(self._states) - 1, self._at + 1)
