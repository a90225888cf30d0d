"""The selected entity under two models: what became of it, both explanations, and their difference."""

from __future__ import annotations

from typing import Any

import ipywidgets as ipw

from explain_lib.attribution import Method, subtract
from explain_lib.core import Attribution, Target
from explain_lib.models.protocols import Model, Tick

from ...chart import Chart, bars_figure
from ...guard import shown_on
from ...report import ReportPanel
from ...text import Text
from ...views import bars_view, class_views, text_view
from ...views.two_models import Readings, entities_of_both, gained, readings_view, two_layers, units_view
from ..lines import line
from ..case import cost_line
from ..desk import Desk
from ..drawing import one_at_a_time
from ..pair import Pair, explain_both

KIND, READ = "two models", "second model"
_DIFFERENCE = 2  # the layer that is shown first
Both = tuple[Attribution, Attribution]


class SelectionUnderBoth:
    """Entities of both models side by side; for the chosen one scores under both and their difference.

    An entity that only the second model found is chosen in the text of this view.
    """

    def __init__(self, desk: Desk, other: Model) -> None:
        self.desk, self.other = desk, other
        self.button = ipw.Button(description="Compare", tooltip="Ask the second model about this text and this entity")
        self.line, self.text, self.chart = line(), Text(scale="shared"), Chart()
        self.entities, self.words = ReportPanel(), ReportPanel()
        self._pair: Pair | None = None
        self._entity, self._is_following = -2, False  # no entity has that number: the first one is always followed
        guarded = shown_on(desk)
        self.button.on_click(guarded(lambda _: self.ask()))
        self.text.observe(guarded(self._choose), "selected")
        ipw.jsdlink((self.chart, "clicked"), (self.text, "cursor"))
        ipw.jsdlink((self.text, "cursor"), (self.chart, "marked"))
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([head, self.entities, self.text, self.chart, self.words])

    @one_at_a_time
    def refresh(self) -> None:
        """Show what is known under both models, else what a run would cost."""
        pair, readings = self.pair(), self._readings()
        self.button.disabled = pair is None
        self._draw_readings(readings)
        self._follow()
        target, both = self._target(readings), None
        if pair is not None and target is not None:
            both = self.desk.found(KIND, self._key(target))
        self.line.value = self._cost(pair, target) if both is None else ""
        self._draw(both)

    def ask(self) -> None:
        """Read the text with the second model, then explain the chosen entity under both."""
        pair, method = self.pair(), self.desk.method
        if pair is not None:
            self.desk.submit("Two models …", lambda tick: self._work(pair, method, tick))

    # ---- what the worker does

    def _work(self, pair: Pair, method: Method, tick: Tick) -> None:
        readings = self._readings()
        if readings is None:
            with pair.first.watched(tick), pair.second.watched(tick):
                readings = pair.read()
            self.desk.put(READ, pair.kept(readings), self._document_key())
            self.refresh()
        target = self._target(readings)
        if target is None or pair.problem(target):
            return self.desk.say("Two models: the entities are compared.")
        key, both = self._key(target), None
        asked = pair.asked(target, self.desk.arm)
        with asked[0].watched(tick), asked[1].watched(tick):
            for both in explain_both(asked, method):
                self._draw_if_here(both, pair, key)
        self.desk.put(KIND, both, key)
        self.refresh()
        self.desk.say("Two models: done.")

    # ---- what is shown

    def _draw_readings(self, readings: Readings | None) -> None:
        case = self.desk.case
        if readings is None or case is None or self._pair is None:
            self.entities.report, self.text.entities = {}, []
            self.text.layout.display = "none"
            return
        units, (before, after) = self._pair.first.units, readings.predictions
        views = [*entities_of_both(units, case.spans, before, after), *class_views(case.classes, after)]
        painted = self.desk.palette.painted(units, views)
        self.entities.report = readings_view(readings)
        self.text.text = text_view(units)
        if self.text.entities != painted:
            self.text.entities = painted
        self.text.layout.display = None

    @one_at_a_time
    def _draw_if_here(self, both: Both, pair: Pair, key: tuple[str, ...]) -> None:
        if pair is self._pair and key == self._key(self._target(self._readings())):
            self._draw(both)

    def _draw(self, both: Both | None) -> None:
        self.chart.layout.display = None if both else "none"
        if both is None:
            self.text.layers, self.words.report = [], {}
            return
        difference = subtract(both[1], both[0])
        layers = two_layers(*both, difference, self.text.selected)
        self.text.layers, self.text.layer = layers, _DIFFERENCE
        heat = layers[_DIFFERENCE]["heats"][str(self.text.selected)]
        self.chart.show_figure(bars_figure(bars_view(self.text.text, heat)))
        self.words.report = units_view(*both, difference, (self.desk.model.name, self.other.name))

    # ---- what is asked

    def _follow(self) -> None:
        """Choose the desk's entity here, when the desk has turned to another one."""
        if self.desk.entity != self._entity:
            self._is_following = True
            self._entity = self.text.selected = self.desk.entity
            self._is_following = False

    def _choose(self, change: Any) -> None:
        """Another entity in the text of this view: the desk follows where it knows that entity too."""
        case, row = self.desk.case, change["new"]
        if case is None or self._is_following:
            return
        if 0 <= row < len(case.targets) and row != self.desk.entity:
            self.desk.entity = row
        else:
            self.refresh()

    def _target(self, readings: Readings | None) -> Target | None:
        """The desk's target, or the entity of the second model alone that is chosen in this text."""
        case, row = self.desk.case, self.text.selected
        if case is None or readings is None or row < len(case.targets):
            return self.desk.target
        found = gained(case.spans, readings.predictions[1])
        return Target(found[row - len(case.targets)])

    def _cost(self, pair: Pair | None, target: Target | None) -> str:
        if pair is None:
            return ""
        if target is None:
            return "One pass of the second model; choose an entity to compare its scores too."
        if why := pair.problem(target):
            return why
        first, second = pair.asked(target, self.desk.arm)
        return f"First: {cost_line(first, self.desk.method)}. Second: {cost_line(second, self.desk.method)}."

    def pair(self) -> Pair | None:
        """The document on the desk under both models, None until it was read."""
        case = self.desk.case
        if case is not None and (self._pair is None or self._pair.case is not case):
            self._pair = Pair.of(case, self.other)
            self.text.layers, self.text.entities, self._entity = [], [], -2
        return self._pair if case is not None else None

    def _readings(self) -> Readings | None:
        pair = self.pair()
        kept = None if pair is None else self.desk.found(READ, self._document_key())
        return None if pair is None or kept is None else pair.readings(kept)

    def _document_key(self) -> tuple[str, ...]:
        return (*self.desk.here()[:2], self.desk.other_key)

    def _key(self, target: Target | None) -> tuple[str, ...]:
        about = target.name if target else ""
        return (*self._document_key(), about, self.desk.arm, repr(self.desk.method))
