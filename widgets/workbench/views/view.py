"""What a view of the workbench is."""

from __future__ import annotations

from typing import Protocol

import ipywidgets as ipw


class View(Protocol):
    """One way to look at what is selected on the desk; made with the desk as its only argument.

    `name` stands on the strip. The workbench calls `refresh` when the view is opened, and while it is open whenever
    the selection or the result on the screen changes. It runs on the thread of a callback: it shows what is known,
    else what a run would cost, and asks no model itself; that is for `desk.submit`.
    """

    name: str
    widget: ipw.Widget

    def refresh(self) -> None:
        """Show what is known about the selection."""
        ...
