"""The views of the workbench, in the order of the strip. A view is one file here and one entry of `VIEWS`."""

from __future__ import annotations

from .attribution import AttributionView
from .boundaries import BoundariesView
from .correct import CorrectView
from .errors import ErrorsView
from .faithfulness import FaithfulnessView
from .models import ModelsView
from .stability import StabilityView
from .view import View
from .words import WordsView

VIEWS: tuple[type[View], ...] = (
    AttributionView, StabilityView, BoundariesView, FaithfulnessView, ErrorsView, WordsView, CorrectView, ModelsView,
)  # fmt: skip

__all__ = ["VIEWS", "View"]
