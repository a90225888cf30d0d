"""Names and colours of entity labels, as the widgets show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from explain_lib.core import Span, Units

from ..views.entities import lane_numbers, reading_order
from ..views.text import visible
from .colours import ink, is_colour, nearest_visible, too_faint

_PAGE_OF = {"light": ("light",), "dark": ("dark", "high contrast")}  # where each shade is seen


@dataclass(frozen=True)
class Paint:
    """How one label is shown: its name, and its colour on light and on dark pages ("#rrggbb"; None: the usual one).

    A colour that is given once serves both. Text on it is black or white, whichever is read better (4.5 or more
    always); as a line it must stand out from the page: 3 in JupyterLab's light and dark theme, 4.5 in the
    high-contrast one. Raises ValueError for a colour that does not, and names one that does.
    """

    name: str
    light: str | None = None
    dark: str | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("the name is empty; leave it out to show the label itself.")
        if (self.light is None) != (self.dark is None):
            raise ValueError("a colour is given for one kind of page only; give light and dark, or one for both.")
        for shade, pages in _PAGE_OF.items():
            colour = getattr(self, shade)
            if colour is not None and not is_colour(colour):
                raise ValueError(f'colour {colour!r} is no colour; write it as "#rrggbb", for example "#1e88e5".')
            if colour is not None:
                _refuse_faint(colour, shade, pages)

    def view(self) -> dict[str, Any]:
        """{"name"} and, with a colour, {"light", "dark"}: each [colour, colour of text on it]."""
        shades = {shade: getattr(self, shade) for shade in _PAGE_OF}
        coloured = {shade: [colour, ink(colour)] for shade, colour in shades.items() if colour}
        return {"name": visible(self.name), **coloured}


@dataclass(frozen=True)
class Palette:
    """A `Paint` for each label that has one; other labels look as they do without a palette."""

    paints: Mapping[str, Paint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "paints", MappingProxyType(dict(self.paints)))

    def of(self, label: str) -> dict[str, Any] | None:
        """The view of the paint of a label as the page shows labels, None for one that has none."""
        return next((paint.view() for own, paint in self.paints.items() if visible(own) == label), None)

    def painted(self, units: Units, entities: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Entity and class views with "paint" where the label has one, and lanes in which the names do not collide."""
        shown = {visible(label): paint.view() for label, paint in self.paints.items()}
        painted = [{**e, "paint": shown[e["label"]]} if e["label"] in shown else e for e in entities]
        return _with_lanes(units, painted) if shown else painted


def _refuse_faint(colour: str, shade: str, pages: Sequence[str]) -> None:
    for page in pages:
        found = too_faint(colour, page)
        if found is not None:
            raise ValueError(
                f"colour {colour} has a contrast of {found[0]:.2f} in the {page} theme, where a line needs {found[1]}. "
                f'Try {shade} = "{nearest_visible(colour, pages)}"; light and dark pages can have a colour each.'
            )


def _with_lanes(units: Units, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lanes anew: a name may be longer than its label, and is set in a box."""
    placed = [at for at, entity in enumerate(entities) if entity["lane"] >= 0]
    spans = {at: Span(entities[at]["start"], entities[at]["end"], _shown(entities[at])) for at in placed}
    order = sorted(placed, key=lambda at: reading_order(spans[at]))
    lanes = dict(zip(order, lane_numbers(units.document, [spans[at] for at in order]), strict=True))
    return [{**entity, "lane": lanes.get(at, entity["lane"])} for at, entity in enumerate(entities)]


def _shown(entity: Mapping[str, Any]) -> str:
    return f"{entity['paint']['name']} " if "paint" in entity else str(entity["label"])
