"""`read_palette`: names and colours of labels from a TOML or JSON file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .palette import Paint, Palette

_KEYS, _SHADES = ("name", "colour"), ("light", "dark")


def read_palette(path: str | Path) -> Palette:
    """Read a palette: a table for each label with `name`, `colour` or both.

    In TOML `[Disease]`, `name = "Ziekte"`, `colour = "#1e88e5"`; in JSON `{"Disease": {"name": "Ziekte", …}}`. A colour
    is "#rrggbb", or {light = "#…", dark = "#…"}, one for each kind of page. Raises ValueError, which names the file and
    the label, for anything else and for colours that are hard to see (see `Paint`).
    """
    file = Path(path)
    paints = {}
    for label, entry in _tables(file).items():
        try:
            paints[label] = _paint(label, entry)
        except ValueError as error:
            raise ValueError(f"{file}, label {label!r}: {error}") from None
    return Palette(paints)


def _tables(file: Path) -> Mapping[str, Any]:
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix not in (".toml", ".json"):
        raise ValueError(f"{file} has the suffix {file.suffix!r}; a palette is a .toml or a .json file.")
    try:
        found = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text, object_pairs_hook=_each_once)
    except ValueError as error:
        raise ValueError(f"{file} is no {file.suffix[1:].upper()}: {error}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{file} holds a {type(found).__name__}; a palette is a table of labels.")
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for at, (key, _) in enumerate(pairs):
        if key in dict(pairs[:at]):
            raise ValueError(f"{key!r} stands there twice.")
    return dict(pairs)


def _paint(label: str, entry: Any) -> Paint:
    if not isinstance(entry, dict):
        raise ValueError(f"it is {entry!r}; it must be a table with name, colour or both.")
    _refuse_others(entry, _KEYS)
    name, colour = entry.get("name", label), entry.get("colour")
    if not isinstance(name, str):
        raise ValueError(f"the name is {name!r}; it must be a text.")
    if not isinstance(colour, dict):
        return Paint(name, colour, colour)
    _refuse_others(colour, _SHADES)
    return Paint(name, colour.get("light"), colour.get("dark"))


def _refuse_others(entry: Mapping[str, Any], known: tuple[str, ...]) -> None:
    unknown = [key for key in entry if key not in known]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not known; there are {' and '.join(known)}.")
