"""The workbench: one selection, and everything that can be said about it by looking and clicking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import ipywidgets as ipw
import traitlets

from explain_lib.attribution import IntegratedGradients, KernelShap, Method, Occlusion, PermutationShap
from explain_lib.attribution.global_importance.concepts import Concept
from explain_lib.core import Attribution, Document, Prediction
from explain_lib.corpora import Corrections
from explain_lib.models.protocols import Model

from ..guard import shown_on
from ..jobs import Jobs
from ..palette import Palette
from ..plain import static_html
from ..section import Savable, Section
from .whatif.answer import shown_text
from .case import Case, read_case
from .desk import Desk, as_documents
from .explanation.explaining import ASKED, Explaining
from .panel import Panel
from .whatif.rewriting import rewrite
from .store.saving import desk_picture, desk_sections
from .rooms import Rooms
from .store.state import restore, state_of
from .store.store import Store
from .views import VIEWS, View
from .whatif.whatif import WhatIf

METHODS: tuple[Method, ...] = (PermutationShap(), KernelShap(), Occlusion(), IntegratedGradients())
_OPEN_CASES = 8


class Workbench(Savable, ipw.VBox):
    """Everything about some documents and one model, or two, linked; a widget like any other.

    `documents` is a document, a text, or a sequence of documents. `store` names a folder, made for the eyes of its user
    alone, in which results, corrections and the selection stay; without it nothing is written. `other` is a second
    model to compare with, `palette` (`read_palette`) gives labels other names and colours, `concepts` (`WordConcept`
    and its like) are ideas to test among the words, `views` are what the strip offers. Computing runs beside the
    notebook: the cell returns at once, a newer wish overtakes an older one, and Cancel stops within one batch. `result`
    is the attribution on the screen or None, `prediction` the model's answer for the document, `desk` (observable, as
    `result` is) the selection.
    """

    result: Attribution | None = traitlets.Any(None, allow_none=True)  # type: ignore[assignment]

    def __init__(  # noqa: PLR0913  # what a reader works with
        self,
        model: Model,
        documents: Sequence[Document] | Document | str,
        store: str | Path | None = None,
        methods: Sequence[Method] = METHODS,
        palette: Palette | None = None,
        other: Model | None = None,
        concepts: Sequence[Concept] = (),
        views: Sequence[type[View]] = VIEWS,
    ) -> None:
        texts = as_documents(documents)
        self.panel = Panel.of(texts, methods)
        self.jobs = Jobs(self.panel.status, self.panel.aside)
        kept = None if store is None else Store(store)
        self.desk = Desk(model, texts, methods, self.jobs, palette or Palette(), other, kept, concepts)
        self.views = Rooms(views, self.desk, self.panel)
        self._explaining, self._whatif = Explaining(self.desk, self.panel), WhatIf(self.desk, self.panel)
        self._cases: dict[int, Case] = {}
        super().__init__(self.panel.rows(), layout=ipw.Layout(width="100%"))
        self._tie()
        self._restore()  # before anything answers to the selection: it is one wish
        self._observe()
        self._open(None)

    @property
    def model(self) -> Model:
        """The model that is asked."""
        return self.desk.model

    @property
    def documents(self) -> Sequence[Document]:
        """The documents; those that came without an id have one made of their text."""
        return self.desk.documents

    @property
    def case(self) -> Case | None:
        """The document on the screen as the model reads it, None until it was read."""
        return self.desk.case

    @property
    def prediction(self) -> Prediction | None:
        """The model's answer for the document on the screen, None until it was read."""
        return self.case.prediction if self.case else None

    @property
    def edited(self) -> Document | None:
        """The text as the reader rewrote it, with the gold spans that are still whole; None where no word was replaced.

        Explanations are of the text as it was: `Workbench(model, bench.edited)` explains this one.
        """
        return self._whatif.edited if self.desk.is_rewritten else None

    @property
    def corrections(self) -> Corrections:
        """What the reader made of the entities; `xl.corrected` gives documents with it."""
        return self.desk.corrections

    def sections(self) -> list[Section]:
        """What `to_html` saves: the document, all that is known about it in this session, and its corrections."""
        return desk_sections(self.desk)

    def plain_html(self) -> str:
        """What a notebook keeps for readers without scripts: the text with the heat on the screen."""
        return static_html(desk_picture(self.desk))

    def close(self) -> None:
        """Stop computing and take the widgets away."""
        if "jobs" in vars(self):  # a workbench that was refused its arguments is closed too, and never had any
            self.jobs.close()
        super().close()

    # ---- what the reader does

    def _tie(self) -> None:
        panel, desk, guarded = self.panel, self.desk, shown_on(self.panel.status)
        for widget, theirs, ours in (
            (panel.document, "index", "document"), (panel.text, "selected", "entity"), (panel.text, "cursor", "unit"),
            (panel.text, "picked", "picked"), (panel.method, "value", "method"), (panel.arm, "value", "arm"),
            (panel.question, "value", "question"),
        ):  # fmt: skip
            _tie(widget, theirs, desk, ours, guarded)

    def _observe(self) -> None:
        panel, desk, guarded = self.panel, self.desk, shown_on(self.panel.status)
        desk.observe(guarded(self._open), "document")
        desk.observe(guarded(self._choose), ASKED)
        desk.observe(guarded(self._shown), "result")
        panel.strip.observe(guarded(self._turn), "index")
        panel.status.observe(guarded(lambda _: self.jobs.cancel()), "cancelled")
        panel.aside.observe(guarded(lambda _: self.jobs.cancel_background()), "cancelled")

    def _open(self, _: Any) -> None:
        index = self.desk.document
        with self.desk.hold_trait_notifications():
            self.desk.case, self.desk.result, self.desk.entity, self.desk.is_rewritten = None, None, -1, False
        self.panel.edited.layout.display = "none"
        self.jobs.submit("Reading the document …", lambda tick: self._read(index))

    def _choose(self, _: Any) -> None:
        """Another target, method or arm: the questions it allows, its explanation, and the open view."""
        self._offer_questions()
        self._explaining.follow()
        self._whatif.ask()
        self._refresh()
        self._remember()

    def _offer_questions(self) -> None:
        with self.desk.drawing:
            names = list(self.desk.questions()) or [self.desk.question]
            if list(self.panel.question.options) != names:
                now = self.desk.question if self.desk.question in names else names[0]
                self.panel.question.options, self.panel.question.value = names, now

    def _turn(self, _: Any) -> None:
        """Another view."""
        self._refresh()
        self._remember()

    def _shown(self, _: Any) -> None:
        """Another attribution is on the screen."""
        self.result = self.desk.result
        self._refresh()

    def _refresh(self) -> None:
        """Bring the open view up to date."""
        with self.desk.drawing:  # two threads must not make the same view
            if self.desk.case is not None:
                self.views[self.panel.strip.name].refresh()

    # ---- what the worker does

    def _read(self, index: int) -> None:
        case = self.desk.corrected(self._cases.get(index) or read_case(self.model, self.documents[index]))
        for old in list(self._cases)[: max(0, len(self._cases) + 1 - _OPEN_CASES)]:
            self._cases.pop(old)
        self._cases[index] = case
        panel, entities = self.panel, self.desk.palette.painted(case.units, case.entities())
        with panel.text.hold_sync():
            panel.text.hidden, panel.text.cursor, panel.text.layers = [], -1, []
            panel.text.text, panel.text.entities, panel.text.live = shown_text(rewrite(case, ())), entities, True
        panel.entities.entities = entities
        with self.desk.hold_trait_notifications():
            self.desk.case, self.desk.entity = case, self.desk.first(case)
            panel.status.say(_summary(case))  # from here on the reader is answered
        if index != self.desk.document:  # the reader went on, and explaining this one has overtaken reading that one
            self._open(None)

    # ---- what stays

    def _remember(self) -> None:
        if self.desk.store is not None and self.case is not None:
            self.desk.store.save_state(state_of(self.desk, self.panel.strip.name))

    def _restore(self) -> None:
        state = self.desk.store.state if self.desk.store is not None else {}
        restore(self.desk, state)
        if state.get("view") in self.views:
            self.panel.strip.index = list(self.views).index(state["view"])


def _tie(widget: Any, theirs: str, desk: Desk, ours: str, guarded: Callable[[Any], Any]) -> None:
    """Let a trait of a widget and one of the desk follow each other."""
    widget.observe(guarded(lambda change: desk.set_trait(ours, change["new"])), theirs)
    desk.observe(guarded(lambda change: widget.set_trait(theirs, change["new"])), ours)


def _summary(case: Case) -> str:
    if case.classes:
        return f"Likeliest class: {case.classes[0]} (p {case.prediction.labels[case.classes[0]]:.2f})."
    missed = sum(span not in case.prediction.spans for span in case.spans)
    gold = f", {missed} of the gold standard missed" if missed else ""
    return f"{len(case.prediction.spans)} entities predicted{gold}."
