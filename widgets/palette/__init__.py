"""Names and colours of entity labels."""

from .palette import Paint, Palette
from .read import read_palette

__all__ = ["Paint", "Palette", "read_palette"]
