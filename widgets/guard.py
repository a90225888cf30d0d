"""Errors of callbacks on the screen: the notebook itself shows none of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from .jobs import plain_error

Handler = Callable[[Any], None]


class Line(Protocol):
    """Where a message can be shown."""

    def say(self, message: str, kind: str = "idle") -> None:
        """Show a message of kind "idle", "busy" or "error"."""
        ...


def shown_on(status: Line) -> Callable[[Handler], Handler]:
    """Decorate a handler of one argument so that an exception becomes a visible line of `status`."""

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def guarded(event: Any) -> None:
            try:
                handler(event)
            except Exception as error:  # whatever it is, the reader must see it
                status.say(plain_error(error), "error")

        return guarded

    return decorate
