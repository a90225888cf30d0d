"""The views of the workbench, in the order of the strip. A view is one file here and one entry of `VIEWS`."""

from __future__ import annotations

from collections.abc import Callable

from ..desk import Desk
from .attribution import AttributionView
from .models import ModelsView
from .view import View

VIEWS: tuple[Callable[[Desk], View], ...] = (AttributionView, ModelsView)

__all__ = ["VIEWS", "View"]
