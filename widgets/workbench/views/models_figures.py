"""Stability, boundaries and faithfulness under the second model, beside what is known of the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as ipw

from explain_lib.analysis import boundary_sensitivity, stability_rounds
from explain_lib.attribution import Method, explain
from explain_lib.core import Report
from explain_lib.evaluation import faithfulness, faithfulness_cost
from explain_lib.models.protocols import Tick
from explain_lib.perturbation import Query

from ...guard import shown_on
from ...report import ReportPanel
from ...views.two_reports import reports_view
from ..lines import line
from ..desk import Desk
from ..drawing import one_at_a_time
from ..pair import Pair


@dataclass(frozen=True)
class Figure:
    """A report that the view `name` asks of the first model, and how it is asked of another."""

    name: str
    ask: Callable[[Query, Method], Report]
    is_of_method: bool = True


def _stability(query: Query, method: Method) -> Report:
    *_, last = stability_rounds(query, method)
    return last


FIGURES = (
    Figure("Stability", _stability),
    Figure("Boundaries", lambda query, method: boundary_sensitivity(query), is_of_method=False),
    Figure("Faithfulness", lambda query, method: faithfulness(explain(query, method, rng=0), query)),
)
_NONE = "Run Stability, Boundaries or Faithfulness for this entity first; the second model can then be asked the same."


class FiguresOfBoth:
    """What was asked of the first model about the selection can be asked of the second; `pair` gives the queries."""

    def __init__(self, desk: Desk, pair: Callable[[], Pair | None]) -> None:
        self.desk, self._pair = desk, pair
        self.button = ipw.Button(description="Compare figures", layout=ipw.Layout(width="auto"))
        self.line, self.panel = line(), ReportPanel()
        self.button.on_click(shown_on(desk)(lambda _: self.ask()))
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([head, self.panel])

    @one_at_a_time
    def refresh(self) -> None:
        """Show the figures that are known of both models, and say what is left to ask."""
        left = self._left()
        self.button.disabled = not left or self._problem() != ""
        self.line.value = self._problem() or self._cost(left)
        self._show()

    def ask(self) -> None:
        """Ask the second model for every report that is known of the first."""
        pair, target, left = self._pair(), self.desk.target, self._left()
        if pair is not None and target is not None and left:
            asked, method = pair.asked(target, self.desk.arm)[1], self.desk.method
            keys = {figure: self._keys(figure)[1] for figure in left}
            self.desk.submit("Two models …", lambda tick: self._work(asked, method, keys, tick))

    def _work(self, query: Query, method: Method, keys: dict[Figure, tuple[str, ...]], tick: Tick) -> None:
        with query.watched(tick):
            for figure, key in keys.items():
                self.desk.put(figure.name, figure.ask(query, method), key)
                self.refresh()
        self.desk.say("Two models: done.")

    def _show(self) -> None:
        found = [(self.desk.found(f.name, one), self.desk.found(f.name, other)) for f in FIGURES
                 for one, other in [self._keys(f)]]  # fmt: skip
        both = [(one, other) for one, other in found if one is not None and other is not None]
        pair = self._pair()
        if not both or pair is None:
            self.panel.report = {}
        else:
            self.panel.report = reports_view(both, pair.names, self.desk.arm)

    def _left(self) -> list[Figure]:
        """Reports that are known of the first model alone."""
        keys = {figure: self._keys(figure) for figure in FIGURES}
        return [
            figure for figure, (one, other) in keys.items()
            if self.desk.found(figure.name, one) is not None and self.desk.found(figure.name, other) is None
        ]  # fmt: skip

    def _problem(self) -> str:
        pair, target = self._pair(), self.desk.target
        return "" if pair is None or target is None else pair.problem(target)

    def _cost(self, left: list[Figure]) -> str:
        pair, target = self._pair(), self.desk.target
        if pair is None or target is None or not left:
            return "" if self.panel.report else _NONE
        query = pair.asked(target, self.desk.arm)[1]
        rows = f", at most {sum(faithfulness_cost(query).values())} rows" if left[-1].name == "Faithfulness" else ""
        return f"To ask of the second model, each as dear as of the first: {', '.join(f.name for f in left)}{rows}."

    def _keys(self, figure: Figure) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Where the report of the first and that of the second model are kept."""
        first = self.desk.here(*((repr(self.desk.method),) if figure.is_of_method else ()))
        return first, (self.desk.other_key, *first[1:])
