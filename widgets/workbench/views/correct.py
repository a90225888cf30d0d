"""Correct: accept, change, delete and add entities, find errors that are like one, and export what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as ipw

from explain_lib.core import Span

from ...correct import Correct
from ...guard import shown_on
from ...jobs import plain_error
from ...views.corrections import chains, corrections_view, span_words
from ...views.excerpts import one_line
from ..correction.correcting import Correcting
from ..desk import Desk
from ..drawing import one_at_a_time
from ..correction.fates import GONE, fates
from ..correction.span_edits import Edit, grow_left, grow_right, joined, over, shrink_left, shrink_right
from .export import ExportCorrected
from .similar import FindSimilar

_STEPS: Mapping[str, Edit] = {
    "grow_left": grow_left, "grow_right": grow_right, "shrink_left": shrink_left, "shrink_right": shrink_right,
}  # fmt: skip
_REWRITTEN = "The text on the screen has other words than the document; take those back to mark words of it."


class CorrectView:
    """What a reader makes of the entities of the document; predictions stay as they are."""

    name = "Correct"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.acting, self.panel = desk, Correcting(desk), Correct()
        self.similar, self.export = FindSimilar(desk, self.acting, self.refresh), ExportCorrected(desk)
        self.widget = ipw.VBox([self.panel, self.similar.widget, self.export.widget])
        self._labels: tuple[str, ...] | None = None
        self._seen: tuple[object, ...] = ()
        self._is_acting = False
        guarded = shown_on(desk)
        self.panel.on_act(guarded(self._act))
        desk.observe(guarded(lambda _: self._show()), ["picked", "is_rewritten"])

    @one_at_a_time
    def refresh(self) -> None:
        """Show what can be done to the entity on the desk, and what was done in its document."""
        self._show()
        self.similar.refresh()
        self.export.refresh()

    # ---- what the reader does

    def _act(self, content: Mapping[str, Any]) -> None:
        if content["turn"] != self.panel.turn:
            return self._say("What is chosen has changed since; look, and press again.", is_error=True)
        self._is_acting = True  # the next act may come before the page has seen what this one chose: it is no new turn
        try:
            self._say(self._done(content))
        except Exception as error:  # a refusal is told where the reader looks
            self._say(plain_error(error), is_error=True)
        finally:
            self._is_acting = False
        self._seen = self._chosen()
        self.refresh()

    def _done(self, content: Mapping[str, Any]) -> str:
        acting, act, note, label = self.acting, content["act"], str(content["note"]), int(content["label"])
        whole: dict[str, Callable[[], str]] = {
            "undo": acting.undo,
            "all": lambda: acting.accept_all([(acting.document, span) for span in self._unseen()]),
            "add": lambda: acting.add(self._picked(self._known_labels()[label]), note),
            "go": lambda: self._go(int(content["row"])),
        }
        if act in whole:
            return whole[act]()
        span = self._span()
        if span is None:
            raise ValueError("no entity is chosen; choose one in the text or in the list.")
        if act in ("accept", "delete"):
            return (acting.accept if act == "accept" else acting.delete)(span, note)
        return acting.change(span, self._changed(span, act, label), note)

    def _changed(self, span: Span, act: str, label: int) -> Span:
        case = self.desk.case
        assert case is not None
        if act == "label":
            return Span(span.start, span.end, self._known_labels()[label], span.fragments)
        if act in ("ends", "join"):
            picked = self._picked(span.label)
            return picked if act == "ends" else joined(span, picked)
        after = _STEPS[act](span, case.units)
        if after is None:
            raise ValueError("there is no word left to take; delete the entity instead." if "shrink" in act
                             else "the text ends here.")  # fmt: skip
        return after

    def _go(self, row: int) -> str:
        last = chains(self.acting.made)[row][-1]
        self.acting.show(last.after or last.before)
        return ""

    # ---- what is shown

    @one_at_a_time
    def _show(self) -> None:
        desk, panel, case = self.desk, self.panel, self.desk.case
        if case is None:
            return
        chosen = self._chosen()
        paints = {label: paint.view() for label, paint in desk.palette.paints.items()}
        seen = corrections_view(self.acting.document, self.acting.made, paints)
        words = span_words(self.acting.document, self._span(), paints)
        with panel.hold_sync():
            panel.turn += chosen != self._seen and not self._is_acting
            panel.chosen = {} if words is None else {**words, "about": self._about()}
            panel.picked = self._picked_words()
            panel.labels = [{"label": one_line(label), "paint": paints.get(label)} for label in self._known_labels()]
            panel.lang, panel.rows = seen["lang"], seen["rows"]
            panel.able, panel.all, panel.undoes = self._able(), len(self._unseen()), self.acting.undoes
            panel.kept = self._kept()
        self._seen = chosen
        if desk.picked and desk.is_rewritten:
            self._say(_REWRITTEN)

    def _say(self, message: str, is_error: bool = False) -> None:
        with self.panel.hold_sync():
            self.panel.message, self.panel.is_error = one_line(message), is_error

    def _able(self) -> list[str]:
        span, case, has_picked = self._span(), self.desk.case, bool(self.panel.picked)
        able = ["add"] if has_picked else []
        if span is None or case is None:
            return able
        fate = fates(self.acting.made).get(span, "")
        if fate in GONE:
            return [*able, "accept"]
        steps = [name for name, step in _STEPS.items() if step(span, case.units) is not None]
        accept = [] if fate else ["accept"]
        return [*able, *accept, "delete", "label", *steps, *(["ends", "join"] if has_picked else [])]

    def _about(self) -> str:
        """Where the chosen entity comes from, and what became of it."""
        case, span = self.desk.case, self._span()
        if case is None or span is None:
            return ""
        origins = [
            *(["predicted"] if span in case.prediction.spans else []),
            *(["gold"] if span in self.acting.document.spans else []),
        ]
        fate = fates(self.acting.made).get(span, "")
        return " · ".join([", ".join(origins)] * bool(origins) + [f"{fate} by a reader"] * bool(fate))

    def _kept(self) -> str:
        corrections, store = self.desk.corrections, self.desk.store
        stale = sum(one.document == self.acting.document.id for one in corrections) - len(self.acting.made)
        parts = [f"{len(corrections)} corrections in all, " + (
            f"saved in {store.folder}." if store is not None else
            "kept in memory only: give the workbench a store to keep them."
        )]  # fmt: skip
        if stale:
            parts.append(f"{stale} were made on another text of the same id and are left out here.")
        parts += [str(problem) for problem in corrections.problems]
        return one_line(" ".join(parts))

    # ---- what is chosen

    def _span(self) -> Span | None:
        case, entity = self.desk.case, self.desk.entity
        return case.spans[entity] if case is not None and 0 <= entity < len(case.spans) else None

    def _chosen(self) -> tuple[object, ...]:
        return self.desk.document, self._span(), tuple(self.desk.picked), self.desk.is_rewritten

    def _picked(self, label: str) -> Span:
        case = self.desk.case
        if case is None or not self.desk.picked:
            raise ValueError("no words are picked; drag over them in the text, or press Shift and an arrow.")
        if self.desk.is_rewritten:
            raise ValueError(_REWRITTEN)
        first, last = self.desk.picked
        return over(case.units, first, last, label)

    def _picked_words(self) -> str:
        try:
            return one_line(self._picked("").text_of(self.acting.document.text))
        except ValueError:
            return ""

    def _unseen(self) -> list[Span]:
        """Predicted spans that nobody has looked at."""
        case = self.desk.case
        known = fates(self.acting.made)
        return [span for span in case.prediction.spans if span not in known] if case is not None else []

    def _known_labels(self) -> tuple[str, ...]:
        """Labels of the palette, of the model, and of the gold standard, in this order."""
        if self._labels is None:
            gold = sorted({span.label for document in self.desk.documents for span in document.spans} - {""})
            case = self.desk.case
            model = () if case is not None and case.classes else self.desk.model.labels
            self._labels = tuple(dict.fromkeys([*self.desk.palette.paints, *model, *gold]))
        return self._labels
