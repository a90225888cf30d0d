"""The attribution on the screen: its cost said, run beside the notebook, shown as it gets sharper."""

from __future__ import annotations

import time

from explain_lib.attribution import Method, explain
from explain_lib.core import Attribution
from explain_lib.perturbation import Query

from ...jobs import Tick
from ...views import heat_view
from ..case import Case, cost_line
from ..desk import Desk
from ..drawing import one_at_a_time
from .growing import growing
from ..panel import Panel

KIND = "attribution"
ASKED = "case", "entity", "question", "arm", "method"


class Explaining:
    """Explains whatever is selected on the desk with the method that is chosen there."""

    def __init__(self, desk: Desk, panel: Panel) -> None:
        self.desk, self.panel = desk, panel
        self._asked: tuple[object, ...] = ()

    @one_at_a_time
    def follow(self) -> None:
        """Another entity, question, method or arm: show what is known, else say the cost and explain."""
        desk = self.desk
        asked = tuple(getattr(desk, name) for name in ASKED)
        if asked == self._asked:
            return
        self._asked = asked
        query, case = desk.query(), desk.case
        if query is None or case is None:
            return self._nothing(case)
        method, known = desk.method, desk.known(KIND, repr(desk.method))
        if known is not None:
            desk.jobs.overtake()
            self._show(known)  # before all that takes a while to say
            self.panel.status.say(report(known))
            self.panel.cost.value = cost_line(query, method)
            return
        self.panel.text.layers, key = [], desk.here(repr(method))
        desk.submit(f"{type(method).__name__} …", lambda tick: self._explain(query, method, key, tick))

    def _explain(self, query: Query, method: Method, key: tuple[str, ...], tick: Tick) -> None:
        begun, asked, line = time.monotonic(), self._asked, cost_line(query, method)
        tick(0, 0)  # counting the rows of a long text takes a while: the reader may have gone on
        self.panel.cost.value = line
        self.panel.status.say(f"{line} …", "busy")
        with query.watched(tick):
            for step in growing(method, query):
                tick(0, 0)  # as above: steps are counted too
                result = explain(query, step, rng=0)
                self._show_if_asked(result, asked)
        self.desk.put(KIND, result, key)
        self.panel.status.say(f"{report(result)} {time.monotonic() - begun:.1f} s.")

    @one_at_a_time
    def _show_if_asked(self, result: Attribution, asked: tuple[object, ...]) -> None:
        if asked == self._asked:
            self._show(result)

    def _show(self, result: Attribution) -> None:
        entity = self.desk.entity
        self.panel.text.layers = [{"name": self.desk.arm, "heats": {str(entity): heat_view(result, 0)}}]
        self.desk.result = result

    def _nothing(self, case: Case | None) -> None:
        self.desk.jobs.overtake()
        self.panel.text.layers, self.desk.result, self.panel.cost.value = [], None, ""
        if case is None:
            return
        entity, has_any = self.desk.entity, any(target is not None for target in case.targets)
        if 0 <= entity < len(case.targets):
            self.panel.status.say(f"This entity cannot be explained: {case.problems[entity]}")
        elif has_any:
            self.panel.status.say("Choose an entity in the text or in the list.")


def report(result: Attribution) -> str:
    """One line on how an attribution was made."""
    gap = float(result.completeness_gap[0].round(2)) + 0.0  # no −0.00
    return f"{result.method!r}, {result.provenance.arm}: {result.n_evals} rows, completeness gap {gap:.2f}."
