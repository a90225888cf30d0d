"""The bars behind the heat: several methods side by side, how far they agree, and what fusing them gives."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as ipw

from explain_lib.attribution import Method
from explain_lib.core import Attribution
from explain_lib.evaluation import agreement
from explain_lib.perturbation import Query

from ...guard import shown_on
from ...report import ReportPanel
from ...side_by_side import SideBySide
from ...views.agreement import pairs_view
from ...views.fusion import fusion_detail_view
from ...views.names import method_name
from ...views.side_by_side import side_by_side_view
from ..lines import line
from ..case import cost_line
from ..explanation.comparing import Comparing
from ..desk import Desk
from ..drawing import one_at_a_time
from ..explanation.fusing import FUSION, fusion_cost

_MOST_COMPARED = 600
"""Units: up to here agreement takes a fifth of a second, beyond it would keep the page waiting."""
_ROW = {"display": "flex", "flex_flow": "row wrap", "align_items": "center", "width": "100%"}


class AttributionView:
    """Bars with their errors for the method on the desk and any others of it, on one scale."""

    name = "Attribution"

    def __init__(self, desk: Desk) -> None:
        self.desk, self.comparing = desk, Comparing(desk, self.refresh)
        self.others = [_toggle(method, desk.methods) for method in desk.methods]
        self.order = ipw.ToggleButtons(
            options=[("strongest first", True), ("as in the text", False)], style={"button_width": "auto"},
            layout={"width": "auto"},
        )  # fmt: skip
        self.run = ipw.Button(description="Run", tooltip="Explain with the chosen methods that are not known yet")
        self.fuse = ipw.Button(description="Fuse", tooltip=f"One attribution of those shown: {FUSION!r}")
        self.line, self.fuse_line = line(), line()
        self.bars, self.agreement, self.detail = SideBySide(), ReportPanel(), ReportPanel()
        self._agreed: tuple[str, ...] = ()
        rows = [
            [ipw.Label("Beside it"), *self.others, self.run, self.line],
            [ipw.Label("Units"), self.order, self.fuse, self.fuse_line],
        ]
        boxes = [ipw.HBox(row, layout=ipw.Layout(**_ROW)) for row in rows]
        self.widget = ipw.VBox([*boxes, self.bars, self.agreement, self.detail])
        self._observe()

    @one_at_a_time
    def refresh(self) -> None:
        """Draw what is known of the methods that are chosen; say what the others would cost."""
        query = self.desk.query()
        methods = self._methods()
        found = [] if query is None else [(method, *self.comparing.of(method)) for method in methods]
        shown = [(one, is_done) for _, one, is_done in found if one is not None]
        missing = [method for method, _, is_done in found if not is_done and method is not self.desk.method]
        done = [one for one, is_done in shown if is_done]
        fused, is_fused = self.comparing.fused(done) if len(done) > 1 else (None, False)
        if fused is not None:
            shown.append((fused, is_fused))
        self._draw(shown)
        self._say_costs(query, missing, done, is_fused)
        self._compare(done, fused)

    def _observe(self) -> None:
        guarded, desk = shown_on(self.desk), self.desk
        for control in (*self.others, self.order):
            control.observe(guarded(lambda _: self.refresh()), "value")
        self.run.on_click(guarded(lambda _: self._run()))
        self.fuse.on_click(guarded(lambda _: self._fuse()))
        self.bars.observe(lambda change: desk.set_trait("unit", change["new"]), "cursor")
        desk.observe(lambda change: self.bars.set_trait("cursor", change["new"]), "unit")

    def _methods(self) -> list[Method]:
        """The method on the desk first, then those that were chosen beside it."""
        desk = self.desk
        for method, toggle in zip(desk.methods, self.others, strict=True):
            toggle.disabled = method is desk.method
        beside = [method for method, toggle in zip(desk.methods, self.others, strict=True) if toggle.value]
        return [desk.method, *(method for method in beside if method is not desk.method)]

    def _run(self) -> None:
        query, of = self.desk.query(), self.comparing.of
        missing = [method for method in self._methods() if not of(method)[1]]
        if query is not None and missing:
            self.comparing.explain(query, missing)

    def _fuse(self) -> None:
        query, of = self.desk.query(), self.comparing.of
        done = [one for one, is_done in map(of, self._methods()) if one is not None and is_done]
        if query is not None and len(done) > 1:
            self.comparing.fuse(query, done)

    def _draw(self, shown: Sequence[tuple[Attribution, bool]]) -> None:
        so_far = [at for at, (_, is_done) in enumerate(shown) if not is_done]
        ones = [one for one, _ in shown]
        self.bars.view = side_by_side_view(ones, by_size=self.order.value, so_far=so_far) if ones else {}

    def _say_costs(
        self, query: Query | None, missing: Sequence[Method], done: Sequence[Attribution], is_fused: bool
    ) -> None:
        can_fuse = query is not None and len(done) > 1 and not is_fused
        self.line.value = "" if query is None else "; ".join(cost_line(query, method) for method in missing)
        self.fuse_line.value = fusion_cost(query, [one.method for one in done]) if query and can_fuse else ""
        self.run.disabled, self.fuse.disabled = query is None or not missing, not can_fuse

    def _compare(self, done: Sequence[Attribution], fused: Attribution | None) -> None:
        """How far finished methods agree, and how those that are fused were fused."""
        key = self.desk.here(*(repr(one.method) for one in done))
        if key != self._agreed:  # it is shuffled a hundred times
            self._agreed, is_quick = key, len(done) > 1 and len(done[0].units) <= _MOST_COMPARED
            self.agreement.report = pairs_view(agreement(done, rng=0)) if is_quick else {}
        detail = next((one.fusion for one in (fused, *done) if one is not None and one.fusion is not None), None)
        self.detail.report = {} if detail is None else fusion_detail_view(detail)


def _toggle(method: Method, methods: Sequence[Method]) -> ipw.ToggleButton:
    return ipw.ToggleButton(description=method_name(method, methods), tooltip=repr(method), layout={"width": "auto"})
