"""The pieces of the workbench and how they are laid out and linked; no model in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import ipywidgets as ipw

from explain_lib.attribution import Method
from explain_lib.core import Document

from ..chart import Chart
from ..entities import Entities
from ..status import Status
from ..text import Text
from ..views import visible
from ..views.names import method_name

_TITLE_CHARACTERS = 48
ARMS = ("context", "all units")
ARM_HELP = ("The entity's own words are always kept: what around them carries the decision?",
            "Every word may be hidden, the entity's own words too.")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Panel:
    """All widgets of a workbench."""

    document: ipw.Dropdown
    method: ipw.ToggleButtons
    arm: ipw.ToggleButtons
    cost: ipw.Label = field(default_factory=ipw.Label)
    text: Text = field(default_factory=Text)
    whatif: Status = field(default_factory=Status)
    entities: Entities = field(default_factory=Entities)
    chart: Chart = field(default_factory=Chart)
    status: Status = field(default_factory=Status)

    @classmethod
    def of(cls, documents: Sequence[Document], methods: Sequence[Method]) -> Panel:
        """Widgets for these documents and methods, linked in the page."""
        titles = [(title(document, i), i) for i, document in enumerate(documents)]
        names = [(method_name(method, methods), method) for method in methods]
        panel = cls(
            document=ipw.Dropdown(options=titles, index=0, description="Document", layout=ipw.Layout(width="100%")),
            method=_buttons(names, "Method", [repr(method) for method in methods]),
            arm=_buttons([(arm, arm) for arm in ARMS], "Arm", ARM_HELP),
        )
        panel._link()
        return panel

    def _link(self) -> None:
        """Links that live in the page: they answer at once, even while the kernel is busy."""
        ipw.jslink((self.text, "selected"), (self.entities, "selected"))
        ipw.jsdlink((self.chart, "clicked"), (self.text, "cursor"))
        ipw.jsdlink((self.text, "cursor"), (self.chart, "marked"))

    def rows(self) -> list[ipw.Widget]:
        """From top to bottom."""
        self.entities.layout = ipw.Layout(flex="1 1 260px", min_width="0")
        self.chart.layout = ipw.Layout(flex="2 1 380px", min_width="0")
        flow = ipw.Layout(display="flex", flex_flow="row wrap", align_items="flex-start", width="100%")
        return [
            self.document, self.text, self.whatif, ipw.HBox([self.method, self.arm, self.cost], layout=flow),
            self.status, ipw.HBox([self.entities, self.chart], layout=flow),
        ]  # fmt: skip


def title(document: Document, index: int) -> str:
    """How a document is named in the picker: id, language and first words."""
    start = " ".join(visible(document.text[: 2 * _TITLE_CHARACTERS]).split())
    short = start if len(start) <= _TITLE_CHARACTERS else start[:_TITLE_CHARACTERS] + "…"
    return " · ".join(part for part in (document.id or f"text {index + 1}", document.lang, short) if part)


def _buttons(options: Sequence[tuple[str, object]], description: str, tips: Sequence[str]) -> ipw.ToggleButtons:
    style = {"button_width": "auto", "description_width": "auto"}
    return ipw.ToggleButtons(options=options, description=description, tooltips=list(tips), style=style)
