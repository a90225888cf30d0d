"""Every entity of the corpus, what became of it, and which words drive each class of errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as ipw
import numpy as np

from explain_lib.analysis.errors import EntityErrors, entity_errors
from explain_lib.evaluation.entities import CountedSpans

from ...guard import shown_on
from ...jobs import Tick
from ...table import EntityTable
from ...views.text import visible
from ..desk import Desk
from ..entity_figures import MARGIN, STABILITY, Entity, entity_of, known_stability, margins
from ..reading import Reading
from .driving_words import DrivingWords

ABOUT = "Every gold and predicted entity of all documents, and what became of it. Choose a row to open its text."
_FIRST_SHOWN = 8  # documents: from there on the table is shown at every doubling
_ONE_PASS = "one pass of the model each"


class ErrorsView:
    """The table of the corpus's entities, linked with the text both ways; the words behind a class of errors."""

    name = "Errors"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.reading = desk, Reading(desk)
        self.table = EntityTable(EntityErrors((), (), CountedSpans((), (), ()), ()))
        self.figures: dict[str, dict[Entity, float]] = {MARGIN: {}, STABILITY: {}}
        self.driving = DrivingWords(desk, self.reading)
        self.button, self.line = _button("Read all documents", self._ask, desk), ipw.Label()
        self.margins, self.cost = _button("Margins of the shown rows", self._ask_margins, desk), ipw.Label()
        self.found = ipw.VBox([self.table, _row(self.margins, self.cost), self.driving.widget])
        self.found.layout.display = "none"
        self.widget = ipw.VBox([ipw.Label(ABOUT), _row(self.button, self.line), self.found])
        self.table.observe(shown_on(desk)(self._go), "selected")
        self.table.observe(shown_on(desk)(lambda _: self._say_cost()), "shown")
        self._is_fresh = True
        self._say()

    def refresh(self) -> None:
        """Mark the entity that is selected; the first time, show what was read in an earlier session."""
        if self._is_fresh and self.desk.store is not None:
            self.desk.jobs.background("Looking for what was read …", lambda tick: self._read(tick, only_known=True))
        self._is_fresh = False
        self._mark()

    # ---- reading the corpus

    def _ask(self, _: Any) -> None:
        self.desk.jobs.background("Reading all documents …", self._read)

    def _read(self, tick: Tick, only_known: bool = False) -> None:
        shown, before = max(_FIRST_SHOWN, 2 * len(self.reading.predictions)), len(self.reading.predictions)
        try:
            for n in self.reading.ahead(tick, only_known):
                if n >= shown and not self.reading.is_complete:
                    shown = 2 * n
                    self._show()
        finally:  # a cancel keeps what was read
            if len(self.reading.predictions) > before:
                self._show()

    def _show(self) -> None:
        """The table of what was read so far."""
        self._say()
        if any(one.labels for one in self.reading.predictions):
            self.line.value = "The model names whole documents and finds no entities: there is no table of them."
            return
        errors = entity_errors(self.reading.documents, self.reading.predictions)
        self.table.show(errors, self._columns(errors))
        self.found.layout.display = None
        self.driving.follow(errors)
        self._say_cost()
        self._mark()

    def _say(self) -> None:
        n, in_all = len(self.reading.predictions), len(self.desk.documents)
        left = in_all - n
        self.line.value = (
            f"{in_all} documents were read." if not left
            else f"{n} of {in_all} documents were read; {left} are left, {_ONE_PASS}." if n
            else f"{in_all} documents, {_ONE_PASS}."
        )  # fmt: skip
        self.button.description = "Read on" if 0 < n < in_all else "Read all documents"
        self.button.disabled = not left

    # ---- the selection, both ways

    def _go(self, _: Any) -> None:
        """A row was chosen: open its text at the span that the row speaks of."""
        one, chosen = self.table.outcome, self.table.selected
        if one is None:
            return
        spans = [span for span in (one.predicted, one.gold) if span]
        wanted = tuple(chosen[key] for key in ("start", "end", "label"))
        span = next((one for one in spans if (one.start, one.end, visible(one.label)) == wanted), spans[0])
        self.desk.select(one.text, span)

    def _mark(self) -> None:
        """Show the entity of the desk in the table."""
        case, entity = self.desk.case, self.desk.entity
        if case is None or not 0 <= entity < len(case.spans):
            return
        span, at = case.spans[entity], self.desk.document
        known = {"start": span.start, "end": span.end, "label": visible(span.label)}
        now = self.table.selected
        if (now.get("text"), *(now.get(key) for key in known)) != (at, *known.values()):
            self.table.selected = {"text": at, "document": visible(self.desk.documents[at].id), **known}

    # ---- figures

    def _columns(self, errors: EntityErrors) -> dict[str, list[float]]:
        entities = [entity_of(one) for one in errors.outcomes]
        columns = {name: [known.get(one, np.nan) for one in entities] for name, known in self.figures.items()}
        return {name: values for name, values in columns.items() if self.figures[name]}

    def _shown(self) -> list[Entity]:
        """The entities that the filters leave, up to a thousand."""
        return [entity_of(self.table.errors.outcomes[row]) for row in self.table.shown]

    def _say_cost(self) -> None:
        shown = [one for one in self._shown() if one not in self.figures[MARGIN]]
        texts = len({at for at, _ in shown})
        self.margins.disabled = not shown
        self.cost.value = f"{len(shown)} more margins in {texts} texts, {_ONE_PASS}." if shown else "All are known."

    def _ask_margins(self, _: Any) -> None:
        wanted = self._shown()
        self.desk.jobs.background("Boundary margins …", lambda tick: self._measure(wanted, tick))

    def _measure(self, wanted: list[Entity], tick: Tick) -> None:
        known = self.figures[STABILITY]
        known |= {one: value for one in wanted if not np.isnan(value := known_stability(self.desk, one))}
        left = [one for one in wanted if one not in self.figures[MARGIN]]
        try:
            self.figures[MARGIN].update(margins(self.desk, left, tick))
        finally:
            self.table.show(self.table.errors, self._columns(self.table.errors))
            self._say_cost()


def _button(description: str, pressed: Callable[[Any], None], desk: Desk) -> ipw.Button:
    button = ipw.Button(description=description, layout=ipw.Layout(width="auto"))
    button.on_click(shown_on(desk)(pressed))
    return button


def _row(*widgets: ipw.Widget) -> ipw.HBox:
    return ipw.HBox(widgets, layout=ipw.Layout(flex_flow="row wrap", align_items="center"))
