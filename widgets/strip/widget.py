"""A strip of tabs."""

from __future__ import annotations

from html import escape
from typing import ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..section import Savable, Section


class Strip(Savable, anywidget.AnyWidget):
    """Names in a row, of which the one at `index` is open; arrow keys go through them. `label` says what they are."""

    _esm: ClassVar[str] = module("strip/strip.js")
    _css: ClassVar[str] = style("page/lines.css", "strip/strip.css")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Views").tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)

    def sections(self) -> list[Section]:
        """None: a saved page has no views to open."""
        return []

    def plain_html(self) -> str:
        """The names, the open one in bold."""
        names = [f"<b>{escape(one)}</b>" if i == self.index else escape(one) for i, one in enumerate(self.names)]
        return f"<p>{escape(self.label)}: {' · '.join(names)}</p>" if names else ""

    @property
    def name(self) -> str:
        """The name that is open, "" for none."""
        return self.names[self.index] if 0 <= self.index < len(self.names) else ""

    @traitlets.validate("index")
    def _check(self, proposal: dict[str, int]) -> int:
        return max(0, min(proposal["value"], max(0, len(self.names) - 1)))
