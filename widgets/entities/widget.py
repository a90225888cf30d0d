"""The list of a document's entities."""

from __future__ import annotations

from typing import ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..plain import entities_html
from ..section import Part, Savable, Section

ENTITIES = Part("Entities", ("entities/entities.js",), ("entities/entities.css",))


class Entities(Savable, anywidget.AnyWidget):
    """Entities as rows; choosing one sets `selected` (−1: none). `entities` is what `views.entity_views` returns."""

    _esm: ClassVar[str] = module(*ENTITIES.files)
    _css: ClassVar[str] = style(*ENTITIES.styles)
    entities = traitlets.List(traitlets.Dict()).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)

    def sections(self) -> list[Section]:
        """The list as it is shown."""
        state = {"entities": self.entities, "selected": self.selected}
        return [Section("", ((ENTITIES,),), state, entities_html(self.entities))]
