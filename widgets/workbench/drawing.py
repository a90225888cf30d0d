"""Drawing one at a time: the page and the worker both draw, and whoever is last must have seen the latest."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from .desk import Desk


class AtDesk(Protocol):
    """What draws something about the selection of a desk."""

    desk: Desk


T = TypeVar("T", bound=AtDesk)
P = ParamSpec("P")
R = TypeVar("R")


def one_at_a_time(draw: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
    """Let one drawing of a desk end before another one begins; a drawing may draw parts of itself.

    A drawing reads the selection and shows it. Were two of them to interleave, the one that began with an older
    selection could be the last to write.
    """

    @wraps(draw)
    def alone(self: T, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.desk.drawing:
            return draw(self, *args, **kwargs)

    return alone
