"""The text of a document with heat, entities and hidden units."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style

TEXT_FILES = ("text/lanes.js", "text/heat.js", "text/acts.js", "text/text.js")


class Text(anywidget.AnyWidget):
    """A text whose units carry heat, whose entities are lanes, and whose units can be hidden.

    `text`, `entities` and `layers` are what `views.text_view`, `entity_views` and `layer_views` return. `selected` is
    the index of the target entity (−1: none), `scale` says whether its colours are full at its own largest score or at
    that of all entities of the layer, `cursor` the unit in focus, `hidden` the hidden units, `mode` "target"
    or "hide"; `live` says that a model answers, so that hiding is offered.
    """

    _esm: ClassVar[str] = module(*TEXT_FILES)
    _css: ClassVar[str] = style("text/text.css")
    text = traitlets.Dict().tag(sync=True)
    entities = traitlets.List(traitlets.Dict()).tag(sync=True)
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)
    scale = traitlets.Enum(("own", "shared"), "own").tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    cursor = traitlets.Int(-1).tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    mode = traitlets.Enum(("target", "hide"), "target").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)

    @property
    def heat(self) -> dict[str, Any] | None:
        """The heat of the selected entity on the current layer, or None."""
        layer: dict[str, Any] = self.layers[self.layer] if self.layer < len(self.layers) else {"heats": {}}
        heat: dict[str, Any] | None = layer["heats"].get(str(self.selected))
        return heat

    @traitlets.validate("layer")
    def _check_layer(self, proposal: dict[str, Any]) -> int:
        return int(max(0, min(int(proposal["value"]), max(0, len(self.layers) - 1))))
