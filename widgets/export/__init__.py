"""Saved pages: one HTML file that asks nothing of a kernel or the network."""

from .page import save_page, to_html
from .sections import picture_section, sections_of

__all__ = ["picture_section", "save_page", "sections_of", "to_html"]
