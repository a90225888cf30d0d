"""A section of a saved page, and the widgets that can become one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """A front-end module by its name in the page, with the files that it and its looks are made of."""

    name: str
    files: tuple[str, ...]
    styles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section: rows of parts that are drawn side by side from one shared `state`, which links them.

    `plain` is HTML without scripts that says the same. `binary` holds the state that is no JSON. `charts` makes the
    JSON of plotly figures, by "layer/entity", or under "" where there is one: in an interactive page they take the
    place of the last part. `note` is said once at the top of the page.
    """

    title: str
    rows: tuple[tuple[Part, ...], ...]
    state: Mapping[str, Any]
    plain: str
    binary: Mapping[str, bytes] = field(default_factory=dict)
    charts: Mapping[str, Callable[[], Mapping[str, Any]]] = field(default_factory=dict)
    note: str = ""


def defaults(widget: type[Any]) -> dict[str, Any]:
    """What a widget's own traits are before anybody sets them: its module asks for all of them."""
    return {name: trait.default() for name, trait in widget.class_own_traits(sync=True).items()}


class Savable:
    """A widget that can be a section of a saved page; readers that run no widget get its plain HTML."""

    def sections(self) -> Sequence[Section]:
        """What the widget shows, as sections of a page."""
        raise NotImplementedError

    def plain_html(self) -> str:
        """What it shows, without scripts."""
        return "\n".join(section.plain for section in self.sections())

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        data, *more = bundle if isinstance(bundle, tuple) else (bundle,)
        data = {**(data or {}), "text/html": self.plain_html()}
        return (data, *more) if isinstance(bundle, tuple) else data
