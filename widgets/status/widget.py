"""The status line."""

from __future__ import annotations

from html import escape
from typing import ClassVar

import anywidget
import traitlets

from ..front_end import module, style
from ..section import Savable, Section


class Status(Savable, anywidget.AnyWidget):
    """One line about what is going on: `kind` is "idle", "busy" (with `done` of `total` rows) or "error".

    `cancelled` counts the clicks on Cancel.
    """

    _esm: ClassVar[str] = module("status/status.js")
    _css: ClassVar[str] = style("status/status.css")
    message = traitlets.Unicode("").tag(sync=True)
    kind = traitlets.Enum(("idle", "busy", "error"), "idle").tag(sync=True)
    done = traitlets.Int(0).tag(sync=True)
    total = traitlets.Int(0).tag(sync=True)
    cancelled = traitlets.Int(0).tag(sync=True)

    def sections(self) -> list[Section]:
        """None: what is going on is no part of a saved page."""
        return []

    def plain_html(self) -> str:
        """The message."""
        return f"<p>{escape(self.message)}</p>" if self.message else ""

    def say(self, message: str, kind: str = "idle") -> None:
        """Show a message; progress starts anew."""
        with self.hold_sync():
            self.done, self.total, self.kind, self.message = 0, 0, kind, message

    def progress(self, done: int, total: int) -> None:
        """Move the bar."""
        with self.hold_sync():
            self.done, self.total = done, total
