"""The workbench: pick a document, choose an entity, see why the model found it, hide words and see what happens."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import ipywidgets as ipw
import traitlets

from explain_lib.attribution import IntegratedGradients, KernelShap, Method, Occlusion, PermutationShap
from explain_lib.core import Attribution, Document, Prediction
from explain_lib.models.protocols import Model

from ..chart import bars_figure
from ..guard import shown_on
from ..jobs import Jobs, Tick
from ..palette import Palette
from ..views import bars_view, heat_view, text_view
from .case import Case, cost_line, explain_entity, question, read_case, what_if
from .panel import Panel

METHODS: tuple[Method, ...] = (PermutationShap(), KernelShap(), Occlusion(), IntegratedGradients())
_OPEN_CASES = 8


class Workbench(ipw.VBox):
    """Everything about some documents and one model, linked; a widget like any other.

    `documents` is a document, a text, or a sequence of documents. `result` (observable) is the attribution on the
    screen or None, `prediction` the model's answer for the document. Computing runs beside the notebook: the cell
    returns at once, a newer wish overtakes an older one, and Cancel stops within one batch. `palette` (`read_palette`)
    gives labels other names and colours.
    """

    result: Attribution | None = traitlets.Any(None, allow_none=True)  # type: ignore[assignment]

    def __init__(
        self,
        model: Model,
        documents: Sequence[Document] | Document | str,
        methods: Sequence[Method] = METHODS,
        palette: Palette | None = None,
    ) -> None:
        self.model = model
        self.palette = palette or Palette()
        self.documents = as_documents(documents)
        self.panel = Panel.of(self.documents, methods)
        self.jobs = Jobs(self.panel.status)
        self._cases: dict[int, Case] = {}
        self._results: dict[tuple[int, int, Method, str], Attribution] = {}
        super().__init__(self.panel.rows(), layout=ipw.Layout(width="100%"))
        self._observe()
        self._open(None)

    @property
    def case(self) -> Case | None:
        """The document on the screen as the model reads it, None until it was read."""
        return self._cases.get(self.panel.document.index)

    @property
    def prediction(self) -> Prediction | None:
        """The model's answer for the document on the screen, None until it was read."""
        return self.case.prediction if self.case else None

    def close(self) -> None:
        """Stop computing and take the widgets away."""
        if "jobs" in vars(self):  # a workbench that was refused its arguments is closed too, and never had any
            self.jobs.close()
        super().close()

    # ---- what the reader does

    def _observe(self) -> None:
        panel, guarded = self.panel, shown_on(self.panel.status)
        panel.document.observe(guarded(self._open), "index")
        panel.text.observe(guarded(self._choose), "selected")
        panel.method.observe(guarded(self._choose), "value")
        panel.arm.observe(guarded(self._choose), "value")
        panel.text.observe(guarded(self._hide), "hidden")
        panel.status.observe(guarded(lambda _: self.jobs.cancel()), "cancelled")

    def _open(self, _: Any) -> None:
        index = self.panel.document.index
        self.result = None
        self.jobs.submit("Reading the document …", lambda tick: self._read(index))

    def _choose(self, _: Any) -> None:
        """Another target, method or arm: say the cost, then explain."""
        case, entity = self.case, self.panel.text.selected
        if case is None or not 0 <= entity < len(case.targets):
            return self._show_nothing("Choose an entity in the text or in the list." if case and case.targets else "")
        if case.targets[entity] is None:
            return self._show_nothing(f"This entity cannot be explained: {case.problems[entity]}")
        key = (self.panel.document.index, entity, self.panel.method.value, self.panel.arm.value)
        self.panel.cost.value = line = cost_line(question(case, entity, key[3]), key[2])
        self._hide(None)
        if key in self._results:
            self.jobs.cancel()
            self.panel.status.say(_report(self._results[key]))
            return self._show(key)
        self.panel.text.layers = []
        self.jobs.submit(f"{line} …", lambda tick: self._explain(case, key, tick))

    def _hide(self, _: Any) -> None:
        case, text = self.case, self.panel.text
        if case is not None:
            self.jobs.urgent(lambda tick: self._ask(case, list(text.hidden), text.selected))

    # ---- what the worker does

    def _read(self, index: int) -> None:
        case = self._cases.get(index) or read_case(self.model, self.documents[index])
        for old in list(self._cases)[: max(0, len(self._cases) + 1 - _OPEN_CASES)]:
            self._forget(old)
        self._cases[index] = case
        panel, entities = self.panel, self.palette.painted(case.units, case.entities())
        with panel.text.hold_sync():
            panel.text.hidden, panel.text.selected, panel.text.cursor, panel.text.layers = [], -1, -1, []
            panel.text.text, panel.text.entities, panel.text.live = text_view(case.units), entities, True
        panel.entities.entities = entities
        panel.status.say(_summary(case))
        panel.text.selected = panel.entities.selected = _first_target(case)

    def _explain(self, case: Case, key: tuple[int, int, Method, Any], tick: Tick) -> None:
        begun = time.monotonic()
        result = explain_entity(case, key[1], key[2], key[3], tick)
        self._results[key] = result
        self.panel.status.say(f"{_report(result)} {time.monotonic() - begun:.1f} s.")
        self._show(key)

    def _ask(self, case: Case, hidden: list[int], entity: int) -> None:
        answer = what_if(case, hidden, entity)
        if case is not self.case:
            return
        self.panel.whatif.say(answer.line)
        entities = self.palette.painted(case.units, answer.entities)
        if self.panel.text.entities != entities:
            self.panel.text.entities = self.panel.entities.entities = entities

    # ---- what is shown

    def _show(self, key: tuple[int, int, Method, Any]) -> None:
        result, panel = self._results[key], self.panel
        if (panel.document.index, panel.text.selected) != key[:2]:
            return
        heat = heat_view(result, 0)
        panel.text.layers = [{"name": str(key[3]), "heats": {str(key[1]): heat}}]
        panel.chart.show_figure(bars_figure(bars_view(panel.text.text, heat)))
        self.result = result

    def _show_nothing(self, message: str) -> None:
        self.jobs.cancel()
        self.panel.text.layers, self.result = [], None
        if message:
            self.panel.status.say(message)
        self._hide(None)

    def _forget(self, index: int) -> None:
        self._cases.pop(index)
        self._results = {key: value for key, value in self._results.items() if key[0] != index}


def as_documents(documents: Sequence[Document] | Document | str) -> Sequence[Document]:
    """A sequence of documents from whatever the user gave."""
    if isinstance(documents, str):
        return (Document(documents),)
    if isinstance(documents, Document):
        return (documents,)
    if not len(documents):
        raise ValueError("there are no documents; the workbench needs at least one.")
    return documents


def _first_target(case: Case) -> int:
    """The surest predicted entity or class that can be explained, else any that can, else none."""
    found = dict(zip(case.prediction.spans, case.prediction.confidence.tolist(), strict=True))
    sure = [*(found.get(span, -1.0) for span in case.spans), *(case.prediction.labels[name] for name in case.classes)]
    able = [i for i, target in enumerate(case.targets) if target is not None]
    return max(able, key=lambda i: sure[i], default=-1)


def _summary(case: Case) -> str:
    if case.classes:
        return f"Likeliest class: {case.classes[0]} (p {case.prediction.labels[case.classes[0]]:.2f})."
    missed = sum(span not in case.prediction.spans for span in case.spans)
    gold = f", {missed} of the gold standard missed" if missed else ""
    return f"{len(case.prediction.spans)} entities predicted{gold}."


def _report(result: Attribution) -> str:
    gap = float(result.completeness_gap[0].round(2)) + 0.0  # no −0.00
    return f"{result.method!r}, {result.provenance.arm}: {result.n_evals} rows, completeness gap {gap:.2f}."
