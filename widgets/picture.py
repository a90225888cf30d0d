"""A picture: everything that a widget or a saved page draws for results on one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from explain_lib.core import Attribution, Document, Prediction, Span, Units
from explain_lib.corpora import default_units

from .palette import Palette
from .views import Reported, class_names, class_views, entity_spans, entity_views, layer_views, text_view, visible
from .views.grains import grain_views


@dataclass(frozen=True)
class Picture:
    """JSON-safe views of one document: see `views` for their keys.

    `entities` are the entities, then the classes of the document; `selected` is the one shown first (−1: none).
    """

    title: str
    text: dict[str, Any]
    entities: list[dict[str, Any]]
    layers: list[dict[str, Any]] = field(default_factory=list)
    selected: int = -1


def picture(
    result: Attribution | Prediction | Document | Reported | Sequence[Attribution],
    document: Document | None = None,
    prediction: Prediction | None = None,
    palette: Palette | None = None,
) -> Picture:
    """Draw an attribution, several of one document, a prediction with its document, or a document alone.

    A palette gives labels other names and colours.
    Raises TypeError for anything else, and ValueError for attributions of different documents.
    """
    match result:
        case Attribution():
            return attributions_picture([result], prediction, palette)
        case Prediction():
            if document is None:
                raise ValueError("a prediction does not know its text; give it: show(prediction, document).")
            return _picture(default_units(document), result, [], [], palette)
        case Document():
            return _picture(default_units(result), prediction, [], [], palette)
        case [*attributions] if attributions and all(isinstance(a, Attribution) for a in attributions):
            return attributions_picture(attributions, prediction, palette)
    raise TypeError(
        f"cannot show {type(result).__name__}; give an Attribution, a list of them, a Prediction with its Document, "
        "a Document, or a report."
    )


def attributions_picture(
    attributions: Sequence[Attribution], prediction: Prediction | None = None, palette: Palette | None = None
) -> Picture:
    """Attributions of one document as layers over its text."""
    units = attributions[0].units
    bounds = units.bounds.tolist()
    if any(a.units.document != units.document or a.units.bounds.tolist() != bounds for a in attributions):
        raise ValueError("the attributions are about different documents or units; show each document by itself.")
    targets = [target.span for a in attributions for target in a.targets if target.span is not None]
    return _picture(units, prediction, targets, attributions, palette)


def document_title(document: Document) -> str:
    """Id and language of a document, as far as it has them."""
    return " · ".join(part for part in (visible(document.id), document.lang) if part)


def shown_text(units: Units) -> dict[str, Any]:
    """The view of a text and of the levels at which its heat can be summed."""
    return {**text_view(units), "grains": grain_views(units)}


def _picture(
    units: Units,
    prediction: Prediction | None,
    targets: Sequence[Span],
    attributions: Sequence[Attribution],
    palette: Palette | None,
) -> Picture:
    document = units.document
    spans = entity_spans(document, prediction, targets)
    classes = class_names(attributions, prediction)
    rows = [*entity_views(units, spans, prediction), *class_views(classes, prediction)]
    rows = palette.painted(units, rows) if palette else rows
    layers = layer_views(attributions, spans, classes)
    explained = [int(key) for layer in layers for key in layer["heats"]]
    return Picture(document_title(document), shown_text(units), rows, layers, min(explained, default=-1))
