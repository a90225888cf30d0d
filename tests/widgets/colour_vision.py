"""How colours look to readers with a colour vision deficiency, and how far apart they are.

The matrices are those of Machado, Oliveira and Fernandes (2009) for a complete deficiency, on linear RGB.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_SEEN = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
_TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
_WHITE = np.array([0.95047, 1.0, 1.08883])
Rgb = np.ndarray[Any, np.dtype[np.float64]]


def over(colour: str, alpha: float, page: str) -> Rgb:
    """A colour of some opacity on a page, as three numbers from 0 to 1."""
    return alpha * _rgb(colour) + (1 - alpha) * _rgb(page)


def seen_by(vision: str, colour: Rgb) -> Rgb:
    """Linear RGB of what such a reader sees."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return np.clip(np.array(_SEEN[vision]) @ linear, 0, 1)


def distance(one: Rgb, other: Rgb) -> float:
    """Euclidean distance of two linear RGB colours in CIELAB (1976); 2.3 is just noticeable."""
    return float(np.linalg.norm(_lab(one) - _lab(other)))


def _lab(linear: Rgb) -> Rgb:
    x, y, z = np.cbrt(np.array(_TO_XYZ) @ linear / _WHITE)  # none of our colours is dark enough for the linear part
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _rgb(colour: str) -> Rgb:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
