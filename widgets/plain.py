"""Pictures and comparisons as plain HTML: no script, every text escaped. What remains where widgets cannot run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .picture import Picture

_RAISES, _LOWERS, _CAP, _SEEN = "179,88,6", "94,60,153", 0.55, 0.005


def static_html(picture: Picture) -> str:
    """The text with the heat of the chosen entity, and the list of entities."""
    heat = _heat(picture)
    words = "".join(escape(before) + _unit(word, i, heat) for i, (before, word) in enumerate(picture.text["units"]))
    lang = escape(picture.text["lang"], quote=True)
    style = "white-space:pre-wrap;line-height:1.8"
    parts = [f'<p lang="{lang}" dir="auto" style="{style}">{words}{escape(picture.text["after"])}</p>']
    if heat is not None:
        parts.append(f"<p><small>{escape(_caption(heat))}</small></p>")
    if picture.entities:
        parts.append(entities_html(picture.entities))
    return "\n".join([f"<div><b>{escape(picture.title)}</b>", *parts, "</div>"])


def entities_html(entities: Sequence[Mapping[str, Any]]) -> str:
    """Entity views as a list."""
    return f"<ul>{''.join(_entity(entity) for entity in entities)}</ul>"


def comparison_html(view: Mapping[str, Any], caption: str) -> str:
    """A comparison view as a table: a row a unit, a column a method, since pages are longer than wide."""
    heads = "".join(f"<th>{escape(row['name'])}</th>" for row in view["rows"])
    body = "".join(
        f"<tr><th>{escape(word)}</th>{''.join(_share(row, k, unit) for row in view['rows'])}</tr>"
        for k, (word, unit) in enumerate(zip(view["words"], view["units"], strict=True))
    )
    table = f"<table><tr><th></th>{heads}</tr>{body}</table>"
    return f"<div><b>{escape(view['target'])}</b>{table}<p><small>{escape(caption)}</small></p></div>"


def _share(row: Mapping[str, Any], k: int, unit: int) -> str:
    share, score = row["shares"][k], row["heat"]["scores"][unit]
    if share is None or score is None:
        return "<td></td>"
    style = f"background:rgba({_RAISES if share > 0 else _LOWERS},{_CAP * abs(share):.2f})"
    return f'<td style="{style}">{score:+.3g}</td>'


def _heat(picture: Picture) -> Mapping[str, Any] | None:
    heats: Mapping[str, Any] = picture.layers[0]["heats"] if picture.layers else {}
    chosen: Mapping[str, Any] | None = heats.get(str(picture.selected))
    return chosen


def _unit(word: str, i: int, heat: Mapping[str, Any] | None) -> str:
    score = heat["scores"][i] if heat is not None and heat["active"][i] else None
    if heat is None or score is None or not heat["vmax"]:
        return escape(word)
    alpha = _CAP * min(1.0, abs(score) / heat["vmax"])
    if alpha < _SEEN:  # thousands of colourless elements would keep the notebook busy
        return escape(word)
    error = heat["errors"][i]
    tip = f"{word}: {score:+.2f} ± " + ("?" if error is None else f"{error:.2f}")
    style = f"background:rgba({_RAISES if score > 0 else _LOWERS},{alpha:.2f})"
    return f'<span title="{escape(tip, quote=True)}" style="{style}">{escape(word)}</span>'


def _caption(heat: Mapping[str, Any]) -> str:
    source = f"{heat['target']}: {heat['quantity']}, {heat['arm']}, {heat['method']}."
    return f"{source} Orange raises, purple lowers. {heat['about']}"


def _entity(entity: Mapping[str, Any]) -> str:
    origin = ", ".join(word for word in ("predicted", "gold") if entity[word])
    return f"<li>{escape(_label(entity))}: {escape(entity['text'])}{escape(f' ({origin})' if origin else '')}</li>"


def _label(entity: Mapping[str, Any]) -> str:
    """The name that a palette gives the label, or the label itself."""
    return str(entity["paint"]["name"] if "paint" in entity else entity["label"])
