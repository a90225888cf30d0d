"""Corpora: reading and writing annotated documents, and cutting texts into units."""

from .segmentation import default_units

__all__ = ["default_units"]
