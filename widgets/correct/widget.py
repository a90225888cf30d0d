"""Buttons and keys to correct the chosen entity, and the corrections of the document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..report import report_section
from ..section import Savable, Section
from ..views.report_parts import report_parts, table

CORRECT_FILES = tuple(f"correct/{name}.js" for name in ("rows", "keys", "correct"))


class Correct(Savable, anywidget.AnyWidget):
    """What can be done to an entity, and what was done to those of the document.

    `chosen` is {"label", "text", "about", "paint"} of the chosen entity or {}, `picked` the words that are picked in
    the text or "", `lang` the language of both. `labels` are [{"label", "paint"}], in the order of the keys 1 to 9.
    `able` names the acts that are possible now, `all` how many predicted entities nobody has looked at, `undoes` how
    many corrections an undo takes back. `rows` is what `views.corrections_view` returns, `kept` says where corrections
    stay, `message` what came of the last act.

    An act of the reader is a message of the page, so that none is lost or merged with the next: `on_act(handler)` gets
    {"act", "turn", "note", "label", "row"}. `turn` is the turn that the reader saw: whoever changes what is chosen
    counts it up, and refuses acts of an earlier turn.
    """

    _esm: ClassVar[str] = module(*CORRECT_FILES)
    _css: ClassVar[str] = style("page/controls.css", "correct/correct.css")
    chosen = traitlets.Dict().tag(sync=True)
    picked = traitlets.Unicode("").tag(sync=True)
    lang = traitlets.Unicode("").tag(sync=True)
    labels = traitlets.List(traitlets.Dict()).tag(sync=True)
    able = traitlets.List(traitlets.Unicode()).tag(sync=True)
    all = traitlets.Int(0).tag(sync=True)
    undoes = traitlets.Int(0).tag(sync=True)
    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    kept = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    is_error = traitlets.Bool(False).tag(sync=True)
    turn = traitlets.Int(0).tag(sync=True)

    def sections(self) -> list[Section]:
        """The corrections of the document as a table; nothing where there are none."""
        if not self.rows:
            return []
        rows = [[row["what"], _said(row["before"]), _said(row["after"]), row["when"], row["note"]] for row in self.rows]
        made = table("", ["what", "before", "after", "time (UTC)", "note"], rows)
        return [report_section(report_parts("Corrections", [self.kept], [made]))]

    def on_act(self, handler: Callable[[Mapping[str, Any]], None]) -> None:
        """Call `handler` with each act of the reader."""
        self.on_msg(lambda _, content, buffers: handler(content))


def _said(span: Mapping[str, Any] | None) -> str | None:
    if span is None:
        return None
    return f"{span['paint']['name'] if span['paint'] else span['label']} “{span['text']}”"
