"""The same selection under two models, before and after training for instance, and the whole corpus under both."""

from __future__ import annotations

import ipywidgets as ipw

from ..lines import line
from ..desk import Desk
from .models_corpus import CorpusUnderBoth
from .models_figures import FiguresOfBoth
from .models_selection import SelectionUnderBoth

_ABOUT = "The same text, entity and question under a second model. Everything reads second − first."
_NO_OTHER = "There is no second model here: Workbench(model, documents, other=second_model) compares two."


class ModelsView:
    """Entities, scores and errors of two models side by side."""

    name = "Two models"

    def __init__(self, desk: Desk) -> None:
        self.widget = ipw.VBox([line(_NO_OTHER)])
        self.parts: tuple[SelectionUnderBoth, FiguresOfBoth, CorpusUnderBoth] | None = None
        if desk.other is not None:
            selection = SelectionUnderBoth(desk, desk.other)
            self.parts = selection, FiguresOfBoth(desk, selection.pair), CorpusUnderBoth(desk, desk.other)
            self.widget.children = (line(_ABOUT), *(part.widget for part in self.parts))

    def refresh(self) -> None:
        """Show what is known about the selection under both."""
        for part in self.parts or ():
            part.refresh()
