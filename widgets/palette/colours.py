"""Colours and their contrast, by the formulas of WCAG 2.2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
BLACK, WHITE = "#000000", "#ffffff"
TEXT = 4.5  # least contrast of text to what it stands on
PAGES: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        "light": (("#ffffff", 3.0),),
        "dark": (("#111111", 3.0), ("#212121", 3.0)),
        "high contrast": (("#111111", 4.5),),
    }
)
"""The backgrounds of JupyterLab's themes (a saved page has the same), and the least contrast of a line to each."""


def is_colour(value: object) -> bool:
    """Whether a value is a colour such as "#1e88e5"."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink(colour: str) -> str:
    """Black or white, whichever is easier to read on a colour: always 4.58 or more, since √21 is."""
    return max((BLACK, WHITE), key=lambda text: contrast(colour, text))


def too_faint(colour: str, page: str) -> tuple[float, float] | None:
    """The contrast of a line of this colour on that page and the one it needs, or None where it is enough."""
    for background, needed in PAGES[page]:
        if contrast(colour, background) < needed:
            return contrast(colour, background), needed
    return None


def nearest_visible(colour: str, pages: Sequence[str]) -> str:
    """The colour, mixed with as little black (on light pages) or white as it takes to be seen on all these pages."""
    end = BLACK if "light" in pages else WHITE
    shades = (_mixed(colour, end, step / 20) for step in range(21))
    return next(shade for shade in shades if all(too_faint(shade, page) is None for page in pages))


def _luminance(colour: str) -> float:
    parts = (value / 255 for value in _channels(colour))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)
