"""Every entity of the corpus, what became of it, and which words drive each class of errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import ipywidgets as ipw
import numpy as np

from explain_lib.analysis.errors import EntityErrors, entity_errors
from explain_lib.evaluation.entities import CountedSpans

from ...guard import shown_on
from ...jobs import Tick
from ...table import EntityTable
from ...views.names import method_name
from ...views.text import visible
from ..lines import line
from ..desk import Desk
from ..drawing import one_at_a_time
from ..corpus.entity_figures import MARGIN, STABILITY, Entity, entity_of, known_stability, margins, stabilities
from ..corpus.reading import Reading
from .driving_words import DrivingWords

ABOUT = "Every gold and predicted entity of all documents, and what became of it. Choose a row to open its text."
_FIRST_SHOWN = 8  # documents, or figures: from there on the table is shown at every doubling
FEW, EXPLANATIONS = 10, 26  # stabilities in one run; explanations for one of them (`StabilityView`)
Finder = Callable[[Tick], Iterable[tuple[Entity, float]]]
_ONE_PASS = "one pass of the model each"


class ErrorsView:
    """The table of the corpus's entities, linked with the text both ways; the words behind a class of errors."""

    name = "Errors"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.reading = desk, Reading(desk)
        self.table = EntityTable(EntityErrors((), (), CountedSpans((), (), ()), ()), palette=desk.palette)
        self._margins: dict[Entity, float] = {}
        self._stabilities: dict[tuple[str, str], dict[Entity, float]] = {}  # by method and arm
        self.driving = DrivingWords(desk, self.reading)
        self.button, self.line = _button("Read all documents", self._ask, desk), line()
        self.margins, self.margin_cost = _button("Margins of the shown rows", self._ask_margins, desk), line()
        self.stable, self.stable_cost = _button("Stability of the first rows", self._ask_stability, desk), line()
        rows = _row(self.margins, self.margin_cost), _row(self.stable, self.stable_cost)
        self.found = ipw.VBox([self.table, *rows, self.driving.widget])
        self.found.layout.display = "none"
        self.widget = ipw.VBox([line(ABOUT), _row(self.button, self.line), self.found])
        self.table.observe(shown_on(desk)(self._go), "selected")
        self.table.observe(shown_on(desk)(lambda _: self._say_cost()), "shown")
        self._is_fresh, self._asked = True, (desk.method, desk.arm)
        self._say()

    def refresh(self) -> None:
        """Mark the entity that is selected; the first time, show what was read in an earlier session."""
        if self._is_fresh and self.desk.store is not None:
            self.desk.jobs.background("Looking for what was read …", lambda tick: self._read(tick, only_known=True))
        self._is_fresh = False
        if (self.desk.method, self.desk.arm) != self._asked:  # stability depends on both
            self._show_figures()
            self._say_cost()
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

    @one_at_a_time
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
        figures = {MARGIN: self._margins, STABILITY: self._stability}
        return {name: [known.get(one, np.nan) for one in entities] for name, known in figures.items() if known}

    def _shown(self) -> list[Entity]:
        """The entities that the filters leave, up to a thousand."""
        return [entity_of(self.table.errors.outcomes[row]) for row in self.table.shown]

    @one_at_a_time
    def _say_cost(self) -> None:
        shown = [one for one in self._shown() if one not in self._margins]
        texts = len({at for at, _ in shown})
        self.margins.disabled = not shown
        self.margin_cost.value = f"{len(shown)} more, in {texts} texts, {_ONE_PASS}." if shown else "All are known."
        more = self._next_stabilities()
        self.stable.disabled = not more
        self.stable_cost.value = (
            f"{len(more)} more, {self.desk.arm}, each at most {EXPLANATIONS} explanations by "
            f"{method_name(self.desk.method, self.desk.methods)}." if more else "All are known."
        )  # fmt: skip

    def _next_stabilities(self) -> list[Entity]:
        """The first of the shown entities whose stability is not known: few, as each takes seconds."""
        return [one for one in self._shown() if one not in self._stability][:FEW]

    @property
    def _stability(self) -> dict[Entity, float]:
        """What is known under the desk's method, in its arm."""
        return self._stabilities.setdefault((repr(self.desk.method), self.desk.arm), {})

    def _ask_margins(self, _: Any) -> None:
        wanted = self._shown()
        self.desk.jobs.background("Boundary margins …", lambda tick: self._measure(wanted, tick))

    def _ask_stability(self, _: Any) -> None:
        wanted, method = self._next_stabilities(), self.desk.method
        work = partial(self._fill, self._stability, lambda tick: stabilities(self.desk, wanted, method, tick))
        self.desk.jobs.background("Stability …", work)

    def _measure(self, wanted: list[Entity], tick: Tick) -> None:
        self._stability.update((one, known) for one in wanted if not np.isnan(known := known_stability(self.desk, one)))
        left = [one for one in wanted if one not in self._margins]
        self._fill(self._margins, lambda tick: margins(self.desk, left, tick), tick)

    def _fill(self, known: dict[Entity, float], find: Finder, tick: Tick) -> None:
        """Put figures into the table as they come, at every doubling; a cancel keeps what there is."""
        shown = _FIRST_SHOWN
        try:
            for n, (entity, value) in enumerate(find(tick), start=1):
                known[entity] = value
                if n >= shown:
                    shown = 2 * n
                    self._show_figures()
        finally:
            self._show_figures()
            self._say_cost()

    @one_at_a_time
    def _show_figures(self) -> None:
        self._asked = self.desk.method, self.desk.arm
        self.table.show(self.table.errors, self._columns(self.table.errors))


def _button(description: str, pressed: Callable[[Any], None], desk: Desk) -> ipw.Button:
    button = ipw.Button(description=description, layout=ipw.Layout(width="auto"))
    button.on_click(shown_on(desk)(pressed))
    return button


def _row(*widgets: ipw.Widget) -> ipw.HBox:
    return ipw.HBox(widgets, layout=ipw.Layout(flex_flow="row wrap", align_items="center"))
