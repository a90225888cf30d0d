"""The list of a document's entities."""

from __future__ import annotations

from typing import ClassVar

import anywidget
import traitlets

from ..front_end import module, style


class Entities(anywidget.AnyWidget):
    """Entities as rows; choosing one sets `selected` (−1: none). `entities` is what `views.entity_views` returns."""

    _esm: ClassVar[str] = module("entities/entities.js")
    _css: ClassVar[str] = style("entities/entities.css")
    entities = traitlets.List(traitlets.Dict()).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
