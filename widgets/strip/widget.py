"""A strip of tabs."""

from __future__ import annotations

from typing import ClassVar

import anywidget
import traitlets

from ..front_end import module, style


class Strip(anywidget.AnyWidget):
    """Names in a row, of which the one at `index` is open; arrow keys go through them. `label` says what they are."""

    _esm: ClassVar[str] = module("strip/strip.js")
    _css: ClassVar[str] = style("strip/strip.css")
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    label = traitlets.Unicode("Views").tag(sync=True)
    index = traitlets.Int(0).tag(sync=True)

    @property
    def name(self) -> str:
        """The name that is open, "" for none."""
        return self.names[self.index] if 0 <= self.index < len(self.names) else ""

    @traitlets.validate("index")
    def _check(self, proposal: dict[str, int]) -> int:
        return max(0, min(proposal["value"], max(0, len(self.names) - 1)))
