"""Anything that can be shown as sections of a saved page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from explain_lib.core import Attribution, Document, Prediction

from ..chart import bars_figure
from ..entities import ENTITIES
from ..palette import Palette
from ..picture import Picture, attributions_picture, picture
from ..plain import static_html
from ..report import report_section
from ..section import Part, Savable, Section, defaults
from ..text import SAVED, TEXT, Text
from ..views import bars_view, report_view

BARS = Part("Bars", ("export/bars.js",), ("export/bars.css",))


def sections_of(
    result: object,
    document: Document | None = None,
    prediction: Prediction | None = None,
    palette: Palette | None = None,
) -> list[Section]:
    """Sections of a result, a widget, or a sequence of them; attributions of one document share a section."""
    if isinstance(result, Savable):
        return list(result.sections())
    report = report_view(result)
    if report is not None:
        return [report_section(report)]
    if not isinstance(result, Sequence) or isinstance(result, str):
        return [picture_section(picture(result, document, prediction, palette))]  # type: ignore[arg-type]
    if not result:
        raise ValueError("there is nothing to save; give at least one result.")
    groups = _grouped(result)
    n_explained = sum(isinstance(group[0], Attribution) for group in groups)
    if prediction is not None and n_explained > 1:
        raise ValueError(
            f"one prediction was given, and attributions of {n_explained} documents; "
            "give [show(attribution, prediction=...), ...] instead, each with its own."
        )
    return [section for group in groups for section in _group_sections(group, document, prediction, palette)]


def picture_section(drawn: Picture) -> Section:
    """A picture: its text with heat, its entities, and the bars of the one that is chosen."""
    below = ((ENTITIES,) if drawn.entities else ()) + ((BARS,) if drawn.layers else ())
    rows = ((TEXT,), below) if below else ((TEXT,),)
    shown = {one.name: getattr(drawn, one.name) for one in fields(drawn) if one.name != "title"}  # long: not copied
    state = {**defaults(Text), **shown}
    return Section(drawn.title, rows, state, static_html(drawn), charts=_bars(drawn), note=SAVED)


def _grouped(results: Sequence[object]) -> list[list[Any]]:
    """The results in order, each by itself, but all attributions of a document together where the first one stands."""
    groups: dict[object, list[Any]] = {}
    for at, one in enumerate(results):
        if isinstance(one, Attribution):
            groups.setdefault(one.units.document, []).append(one)
        else:
            groups[at] = [one]
    return list(groups.values())


def _group_sections(
    group: list[Any], document: Document | None, prediction: Prediction | None, palette: Palette | None
) -> list[Section]:
    if isinstance(group[0], Attribution):
        return [picture_section(attributions_picture(group, prediction, palette))]
    return sections_of(group[0], document, prediction, palette)


def _bars(drawn: Picture) -> dict[str, Callable[[], Mapping[str, Any]]]:
    return {
        f"{at}/{entity}": partial(_figure, drawn.text, heat)
        for at, layer in enumerate(drawn.layers)
        for entity, heat in layer["heats"].items()
    }


def _figure(text: Mapping[str, Any], heat: Mapping[str, Any]) -> Mapping[str, Any]:
    figure: Mapping[str, Any] = json.loads(bars_figure(bars_view(text, heat)).to_json())
    return figure
