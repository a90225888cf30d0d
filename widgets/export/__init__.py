"""Saved pages and plain HTML."""

from .page import save_page, to_html
from .static import static_html

__all__ = ["save_page", "static_html", "to_html"]
