"""The pieces of the workbench and how they are laid out and linked; no model in sight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import ipywidgets as ipw

from explain_lib.attribution import Method
from explain_lib.core import Document

from ..entities import Entities
from ..status import Status
from ..strip import Strip
from ..text import Text
from ..views import visible
from ..views.names import method_name
from .desk import ARMS
from .lines import line
from .explanation.questions import THIS_SPAN

_TITLE_CHARACTERS = 48
ARM_HELP = ("The entity's own words are always kept: what around them carries the decision?",
            "Every word may be hidden, the entity's own words too.")  # fmt: skip

EDITED = (
    "Everything below is about the text as it was. To explain the edited one: Workbench(model, bench.edited), where "
    "bench is this workbench."
)


@dataclass(frozen=True, eq=False)
class Panel:
    """All widgets of a workbench but those of its views, for which `strip` has names and `stack` has room."""

    document: ipw.Dropdown
    method: ipw.ToggleButtons
    arm: ipw.ToggleButtons
    question: ipw.Dropdown = field(
        default_factory=lambda: ipw.Dropdown(
            options=[THIS_SPAN], description="Why", style={"description_width": "auto"}, layout=ipw.Layout(width="auto")
        )
    )
    cost: ipw.Label = field(default_factory=line)
    text: Text = field(default_factory=Text)
    whatif: Status = field(default_factory=Status)
    edited: ipw.Label = field(default_factory=lambda: ipw.Label(EDITED, layout=ipw.Layout(display="none")))
    entities: Entities = field(default_factory=Entities)
    status: Status = field(default_factory=Status)
    aside: Status = field(default_factory=Status)
    strip: Strip = field(default_factory=Strip)
    stack: ipw.Stack = field(default_factory=ipw.Stack)

    @classmethod
    def of(cls, documents: Sequence[Document], methods: Sequence[Method]) -> Panel:
        """Widgets for these documents and methods, linked in the page."""
        titles = [(title(document, i), i) for i, document in enumerate(documents)]
        names = [(method_name(method, methods), method) for method in methods]
        panel = cls(
            document=ipw.Dropdown(options=titles, index=0, description="Document", layout=ipw.Layout(width="100%")),
            method=_buttons(names, [repr(method) for method in methods]),
            arm=_buttons([(arm, arm) for arm in ARMS], ARM_HELP),
        )
        ipw.jslink((panel.text, "selected"), (panel.entities, "selected"))  # in the page: at once, also if all is busy
        return panel

    def hold(self, names: Sequence[str]) -> None:
        """Make room for views of these names, the first one open."""
        self.stack.children, self.strip.names = tuple(ipw.VBox() for _ in names), list(names)
        self.stack.selected_index = self.strip.index
        ipw.jslink((self.strip, "index"), (self.stack, "selected_index"))

    def fill(self, name: str, widget: ipw.Widget) -> None:
        """Put a view into its room."""
        self.stack.children[self.strip.names.index(name)].children = (widget,)

    def rows(self) -> list[ipw.Widget]:
        """From top to bottom."""
        self.entities.layout = ipw.Layout(flex="1 1 240px", min_width="0")
        views = ipw.VBox([self.strip, self.aside, self.stack], layout=ipw.Layout(flex="4 1 480px", min_width="0"))
        flow = ipw.Layout(display="flex", flex_flow="row wrap", align_items="flex-start", width="100%")
        asked = ipw.HBox([self.question, *_named("Method", self.method), *_named("Arm", self.arm)])
        asked.layout = ipw.Layout(display="flex", flex_flow="row wrap", align_items="center", width="100%")
        return [
            self.document, self.text, self.whatif, self.edited, asked, self.cost, self.status,
            ipw.HBox([self.entities, views], layout=flow),
        ]  # fmt: skip


def title(document: Document, index: int) -> str:
    """How a document is named in the picker: id, language and first words."""
    start = " ".join(visible(document.text[: 2 * _TITLE_CHARACTERS]).split())
    short = start if len(start) <= _TITLE_CHARACTERS else start[:_TITLE_CHARACTERS] + "…"
    return " · ".join(part for part in (document.id or f"text {index + 1}", document.lang, short) if part)


def _named(name: str, control: ipw.Widget) -> list[ipw.Widget]:
    """A control after its name; beside it, not above, also where there is little room."""
    return [ipw.Label(name, layout=ipw.Layout(margin="2px 4px 2px 8px")), control]


def _buttons(options: Sequence[tuple[str, object]], tips: Sequence[str]) -> ipw.ToggleButtons:
    return ipw.ToggleButtons(options=options, style={"button_width": "auto"}, tooltips=list(tips))
