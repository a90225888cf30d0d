"""What a view of the workbench is."""

from __future__ import annotations

from typing import Protocol

import ipywidgets as ipw

from ..desk import Desk


class View(Protocol):
    """One way to look at what is selected on the desk; made when it is first opened.

    `name`, of the class, stands on the strip. The workbench calls `refresh` when the view is opened, and while it is
    open whenever the selection or the result on the screen changes. It runs on the thread of a callback or of the
    worker: it shows what is known, else what a run would cost, and asks no model itself; that is for `desk.submit`.
    """

    name: str
    widget: ipw.Widget

    def __init__(self, desk: Desk) -> None: ...

    def refresh(self) -> None:
        """Show what is known about the selection."""
        ...
