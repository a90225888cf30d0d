"""The same selection under two models, before and after training for instance, and the whole corpus under both."""

from __future__ import annotations

import ipywidgets as ipw

from ..desk import Desk
from .models_corpus import CorpusUnderBoth
from .models_selection import SelectionUnderBoth

_ABOUT = "The same text, entity and question under a second model. Everything reads second − first."
_NO_OTHER = "There is no second model here: Workbench(model, documents, other=second_model) compares two."


class ModelsView:
    """Entities, scores and errors of two models side by side."""

    name = "Two models"

    def __init__(self, desk: Desk) -> None:
        self.selection = None if desk.other is None else SelectionUnderBoth(desk, desk.other)
        self.corpus = None if desk.other is None else CorpusUnderBoth(desk, desk.other)
        parts = [part.widget for part in (self.selection, self.corpus) if part is not None]
        self.widget = ipw.VBox([ipw.Label(_ABOUT if parts else _NO_OTHER), *parts])

    def refresh(self) -> None:
        """Show what is known about the selection under both."""
        if self.selection is not None:
            self.selection.refresh()
