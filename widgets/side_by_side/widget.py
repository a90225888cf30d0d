"""Methods side by side: a table of bars with their errors, all on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..section import Part, Savable, Section
from .plain import side_by_side_html

_FILES = ("side_by_side/cells.js", "side_by_side/side_by_side.js")
_STYLES = ("side_by_side/side_by_side.css",)
SIDE_BY_SIDE = Part("SideBySide", _FILES, _STYLES)


class SideBySide(Savable, anywidget.AnyWidget):
    """Bars of several methods: `view` is what `views.side_by_side_view` returns (see there for its keys).

    `cursor` is the number of the unit that is marked, chosen by a click or Enter (−1: none).
    """

    _esm: ClassVar[str] = module(*_FILES)
    _css: ClassVar[str] = style(*_STYLES)
    view = traitlets.Dict().tag(sync=True)
    cursor = traitlets.Int(-1).tag(sync=True)

    def __init__(self, view: Mapping[str, Any] | None = None) -> None:
        super().__init__(view=dict(view or {}))

    def sections(self) -> list[Section]:
        """The table as it is shown; nothing before there is one."""
        if not self.view:
            return []
        state = {"view": self.view, "cursor": -1}
        return [Section(self.view["target"], ((SIDE_BY_SIDE,),), state, side_by_side_html(self.view))]
