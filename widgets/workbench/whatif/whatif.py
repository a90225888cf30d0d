"""What if: the reader hides and replaces words of the text on the screen, and the model answers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from explain_lib.core import Document
from explain_lib.corpora.corrections import text_digest
from explain_lib.perturbation import Query

from ...guard import shown_on
from ...jobs import Tick
from ...text import Text
from .answer import Answer, shown_text, what_if
from ..case import Case
from ..desk import Desk
from ..panel import Panel
from .rewriting import Rewritten, kept_units, rewrite, then, typed_changes
from .steps import Step, Steps, read_step

KIND = "what if"
_VERSIONS = 16


class WhatIf:
    """Lets the reader hide and replace words of the text on the screen, and take that back.

    Wishes wait in line and are met in the worker, between the batches of whatever runs there. Each document keeps its
    own steps as long as it is at hand, and the last one of them in the store, where there is one.
    """

    def __init__(self, desk: Desk, panel: Panel) -> None:
        self.desk, self.panel = desk, panel
        self._wishes: deque[tuple[Case, Callable[[Steps, Rewritten], None]]] = deque()
        self._steps: WeakKeyDictionary[Query, Steps] = WeakKeyDictionary()
        self._versions: dict[tuple[Any, ...], Rewritten] = {}
        self.edited: Document | None = None
        self._texts: WeakKeyDictionary[Rewritten, dict[str, Any]] = WeakKeyDictionary()  # a long note takes a while
        guarded, text = shown_on(panel.status), panel.text
        text.observe(guarded(self._hide), "hidden")
        text.observe(guarded(self._replace), "edit")
        text.observe(guarded(lambda _: self._wish(lambda steps, _: steps.undo())), "undone")
        text.observe(guarded(lambda _: self._wish(lambda steps, _: steps.redo())), "redone")

    def ask(self) -> None:
        """Answer for the text and the target as they are now."""
        self._wish(lambda steps, version: None)

    # ---- what the reader does

    def _hide(self, change: Any) -> None:
        hidden = tuple(change["new"])
        self._wish(lambda steps, version: _hide_units(steps, version, hidden))

    def _replace(self, change: Any) -> None:
        wish = change["new"]
        if wish:
            first, last, typed = int(wish["first"]), int(wish["last"]), str(wish["text"])
            self._wish(lambda steps, version: _replace_units(steps, version, first, last, typed))

    def _wish(self, wish: Callable[[Steps, Rewritten], None]) -> None:
        if self.desk.case is not None:
            self._wishes.append((self.desk.case, wish))
            self.desk.jobs.urgent(self._answer)

    # ---- what the worker does

    def _answer(self, _: Tick) -> None:
        case = self.desk.case
        if case is None:
            return
        steps = self._steps.get(case.probe)  # corrections make a new case of the same document
        if steps is None:
            steps = self._steps[case.probe] = self._restored(case)
        before = steps.now
        while self._wishes:
            asked, wish = self._wishes.popleft()
            if asked.probe is case.probe:  # not about a document that has gone from the screen
                wish(steps, self._version(case, steps.now))
        version = self._version(case, steps.now)
        if steps.now != before:
            self._remember(case, steps.now)
        answer = what_if(version, steps.now.hidden, self.desk.target)
        if case is self.desk.case:
            self._show(version, steps, answer)

    def _restored(self, case: Case) -> Steps:
        """The step that was kept for this text, after the text as it is: the reader can take it back."""
        steps, store = Steps(), self.desk.store
        kept = store.get(KIND, self._place(case)) if store is not None else None
        if kept is None:
            return steps
        try:
            step = read_step(kept)
            n_units = self._version(case, step).probe.n_units
        except (ValueError, KeyError, TypeError):  # of another version, or damaged
            return steps
        if all(0 <= unit < n_units for unit in step.hidden):
            steps.go(step)
        return steps

    def _remember(self, case: Case, step: Step) -> None:
        if self.desk.store is not None:
            self.desk.store.put(KIND, self._place(case), step.record())

    def _place(self, case: Case) -> tuple[str, ...]:
        return self.desk.model_key, text_digest(case.units.document)

    def _version(self, case: Case, step: Step) -> Rewritten:
        """The text of a step; those of the last few steps are kept, with the rows that their models ran."""
        key = (id(case), step.changes)
        known = self._versions.pop(key, None)
        if known is None or known.case is not case:
            known = rewrite(case, step.changes)
        self._versions[key] = known
        for old in list(self._versions)[:-_VERSIONS]:
            del self._versions[old]
        return known

    def _show(self, version: Rewritten, steps: Steps, answer: Answer) -> None:
        panel, now = self.panel, self._texts.get(version) or shown_text(version)
        self._texts[version] = now
        entities = self.desk.palette.painted(version.probe.units, answer.entities)
        with panel.text.hold_sync():
            _assign(panel.text, text=now, hidden=list(steps.now.hidden), entities=entities)
            _assign(panel.text, can_undo=steps.can_undo, can_redo=steps.can_redo)
        if panel.entities.entities != entities:
            panel.entities.entities = entities
        self.edited = None if version.edit is None else edited_document(version)
        self.desk.is_rewritten = version.edit is not None
        panel.edited.layout.display = None if self.edited else "none"
        panel.whatif.say(answer.line)


def edited_document(version: Rewritten) -> Document:
    """The text as the reader made it, under an id of its own, with the gold spans that are still whole."""
    document = version.case.units.document
    spans = tuple(moved for span in document.spans if (moved := version.moved(span)) is not None)
    return replace(document, text=version.probe.units.document.text, spans=spans, id=f"{document.id}, edited")


def _hide_units(steps: Steps, version: Rewritten, hidden: tuple[int, ...]) -> None:
    n_units = version.probe.n_units
    if max(hidden, default=-1) >= n_units:
        raise IndexError(f"unit {max(hidden)} is to be hidden, but the text has {n_units} units, counted from 0.")
    steps.go(replace(steps.now, hidden=hidden))


def _replace_units(steps: Steps, version: Rewritten, first: int, last: int, typed: str) -> None:
    units, case = version.probe.units, version.case
    if not 0 <= first <= last < len(units):
        raise IndexError(f"units {first} to {last} are to be replaced; the text has {len(units)}, counted from 0.")
    changes = version.changes
    for change in reversed(typed_changes(units, first, last, typed)):  # from the end: places before it stay
        changes = then(case.units.document.text, changes, change)
    hidden = kept_units(version, rewrite(case, changes), steps.now.hidden)
    steps.go(Step(changes, hidden))


def _assign(widget: Text, **values: Any) -> None:
    """Set traits that differ; an equal text would be drawn again."""
    for name, value in values.items():
        if getattr(widget, name) != value:
            widget.set_trait(name, value)
