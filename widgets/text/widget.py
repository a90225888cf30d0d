"""The text of a document with heat, entities and hidden units."""

from __future__ import annotations

from typing import Any, ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..picture import Picture
from ..plain import static_html
from ..section import Part, Savable, Section
from ..views.heat import carried_layers

_PARTS = ("blocks", "lanes", "grains", "heat", "picking", "editing", "tools", "acts", "text")
TEXT_FILES = tuple(f"text/{part}.js" for part in _PARTS)
TEXT = Part("Text", TEXT_FILES, ("text/text.css",))
SAVED = "A saved page: it shows what was computed and has no live model, so words cannot be hidden here."


class Text(Savable, anywidget.AnyWidget):
    """A text whose units carry heat, whose entities are lanes, and whose units can be picked, hidden and replaced.

    `text`, `entities` and `layers` are what `views.text_view`, `entity_views` and `layer_views` return. `selected` is
    the index of the target entity (−1: none), `scale` says whether its colours are full at its own largest score or at
    that of all entities of the layer, `grain` the level at which they are summed (a name of `text["grains"]`, "" for
    units), `cursor` the unit in focus, `picked` a range of units ([first, last] or []), `hidden` the hidden units,
    `mode` "target" or "hide".

    `live` says that a model answers, so that words can be hidden and replaced: `edit` is the latest wish, {"turn",
    "first", "last", "text"} (these units become that text), `undone` and `redone` count presses of Undo and Redo,
    which `can_undo` and `can_redo` enable.
    """

    _esm: ClassVar[str] = module(*TEXT_FILES)
    _css: ClassVar[str] = style("text/text.css")
    text = traitlets.Dict().tag(sync=True)
    entities = traitlets.List(traitlets.Dict()).tag(sync=True)
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)
    layer = traitlets.Int(0).tag(sync=True)
    scale = traitlets.Enum(("own", "shared"), "own").tag(sync=True)
    grain = traitlets.Unicode("").tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    cursor = traitlets.Int(-1).tag(sync=True)
    picked = traitlets.List(traitlets.Int()).tag(sync=True)
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)
    mode = traitlets.Enum(("target", "hide"), "target").tag(sync=True)
    live = traitlets.Bool(False).tag(sync=True)
    edit = traitlets.Dict().tag(sync=True)
    undone = traitlets.Int(0).tag(sync=True)
    redone = traitlets.Int(0).tag(sync=True)
    can_undo = traitlets.Bool(False).tag(sync=True)
    can_redo = traitlets.Bool(False).tag(sync=True)

    @property
    def heat(self) -> dict[str, Any] | None:
        """The heat of the selected entity on the current layer, or None."""
        layer: dict[str, Any] = self.layers[self.layer] if self.layer < len(self.layers) else {"heats": {}}
        heat: dict[str, Any] | None = layer["heats"].get(str(self.selected))
        return heat

    def sections(self) -> list[Section]:
        """The text with the heat of the chosen entity."""
        state: dict[str, Any] = {name: getattr(self, name) for name in self.class_own_traits(sync=True)}
        layers = carried_layers(self.layers, self.text.get("origin"))
        drawn = Picture("", self.text, self.entities, layers, self.selected)
        plain = static_html(drawn) if self.text else ""
        return [Section("", ((TEXT,),), {**state, "live": False}, plain, note=SAVED)]

    @traitlets.validate("layer")
    def _check_layer(self, proposal: dict[str, Any]) -> int:
        return int(max(0, min(int(proposal["value"]), max(0, len(self.layers) - 1))))

    @traitlets.validate("picked")
    def _check_picked(self, proposal: dict[str, Any]) -> list[int]:
        picked: list[int] = proposal["value"]
        if picked and not (len(picked) == 2 and 0 <= picked[0] <= picked[1]):
            raise traitlets.TraitError(f"picked is {picked}; give [first, last] with 0 <= first <= last, or [].")
        return picked
