"""Lines of words between the controls of the workbench."""

from __future__ import annotations

import ipywidgets as ipw


def line(words: str = "") -> ipw.Label:
    """A line that breaks where the page ends; a label of ipywidgets is cut off there."""
    return ipw.Label(words).add_class("xw-broken-line")  # page/lines.css, which comes with the strip
