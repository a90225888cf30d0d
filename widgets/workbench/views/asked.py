"""A view that must be asked for: what it costs, a button that runs it, and the report, better and better."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ipywidgets as ipw

from explain_lib.attribution import Method
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ...report import ReportPanel
from ...views import Reported, report_view
from ..lines import line
from ..desk import Desk
from ..drawing import one_at_a_time

Run = Callable[[Query, Method, Tick], Iterator[Reported]]
NOTHING = "Choose an entity in the text or in the list."


class AskedView:
    """A report about the entity on the desk that takes a while.

    `about` is one line on what it shows, `cost(query, method)` one on what a run takes, and `run(query, method, tick)`
    gives reports, each better than the one before; the last one is kept, under the method where `is_of_method`.
    Cancel leaves the one that was shown last, and asking again goes on from the rows that are known.
    """

    name: str

    def __init__(
        self,
        desk: Desk,
        about: str,
        cost: Callable[[Query, Method], str],
        run: Run,
        is_of_method: bool = True,
    ) -> None:
        self.desk, self.is_of_method = desk, is_of_method
        self._cost, self._run = cost, run
        self.button = ipw.Button(description="Run", tooltip=about, disabled=True)
        self.line = line()
        self.panel = ReportPanel()
        self.button.on_click(lambda _: self.ask())
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([line(about), head, self.panel])

    @one_at_a_time
    def refresh(self) -> None:
        """Show the report of the selection if it is known, else what it would cost."""
        known, query = self.desk.known(self.name, *self._key()), self.desk.query()
        self.button.disabled = query is None
        self.button.description = "Run" if known is None else "Run again"
        self.line.value = NOTHING if query is None else self._cost(query, self.desk.method) if known is None else ""
        self._show(known)

    def ask(self) -> None:
        """Run it for the selection; reports appear as they come."""
        query, method, key = self.desk.query(), self.desk.method, self.desk.here(*self._key())
        if query is not None:
            self.desk.submit(f"{self.name} …", lambda tick: self._work(query, method, key, tick))

    def _work(self, query: Query, method: Method, key: tuple[str, ...], tick: Tick) -> None:
        report: Reported | None = None
        with query.watched(tick):
            for report in self._run(query, method, tick):
                self._show_if_here(report, key)
        if report is not None:
            self.desk.put(self.name, report, key)
        if key == self.desk.here(*self._key()):
            self.refresh()
        self.desk.say(f"{self.name}: done.")

    @one_at_a_time
    def _show_if_here(self, report: Reported, key: tuple[str, ...]) -> None:
        if key == self.desk.here(*self._key()):
            self._show(report)

    def _show(self, report: Reported | None) -> None:
        self.panel.report = {} if report is None else report_view(report) or {}

    def _key(self) -> tuple[str, ...]:
        return (repr(self.desk.method),) if self.is_of_method else ()
