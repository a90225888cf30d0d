"""All documents under two models: which errors the second one mends, and which it makes."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as ipw

from explain_lib.analysis import compare_errors, entity_errors
from explain_lib.core import Document, Prediction
from explain_lib.models.protocols import Model, Tick

from ...guard import shown_on
from ...report import ReportPanel
from ...views.class_changes import class_changes_view
from ...views.error_changes import error_changes_view, moves_view
from ...views.report_parts import View
from ..lines import line
from ..desk import Desk
from ..corpus.reading import Reading

_FIRST_SHOWN = 8  # documents: from there on figures are shown at every doubling


class CorpusUnderBoth:
    """Errors of all documents before and after; what was read stays, and asking again goes on from there."""

    def __init__(self, desk: Desk, other: Model) -> None:
        self.desk, self.names = desk, (desk.model.name, other.name)
        self.readings = Reading(desk), Reading(desk, is_second=True)
        n = len(desk.documents)
        self.button = ipw.Button(
            description="Compare all documents", tooltip="Errors of the whole corpus under both models",
            layout=ipw.Layout(width="auto"),
        )  # fmt: skip
        self.line = line(f"{n} documents, one pass of each model.")
        self.panel = ReportPanel()
        self.button.on_click(shown_on(desk)(lambda _: self.ask()))
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([head, self.panel])

    def refresh(self) -> None:
        """Nothing here depends on the selection."""

    def ask(self) -> None:
        """Read what was not read yet, in the background."""
        self.desk.jobs.background("Two models: all documents …", self._work)

    def _work(self, tick: Tick) -> None:
        first, second = self.readings
        in_all, shown = len(self.desk.documents), max(_FIRST_SHOWN, 2 * len(second.predictions))
        try:
            while not second.is_complete:
                if len(second.predictions) == len(first.predictions):
                    next(first.ahead(tick))
                n = next(second.ahead(tick))
                if shown <= n < in_all:
                    shown = 2 * n
                    self._show(n)
        finally:  # a cancel keeps what was read
            if second.predictions:
                self._show(len(second.predictions))

    def _show(self, n: int) -> None:
        in_all = len(self.desk.documents)
        documents, (before, after) = [self.desk.documents[i] for i in range(n)], self.readings
        self.panel.report = corpus_view(documents, before.predictions[:n], after.predictions[:n], self.names)
        self.line.value = f"{n} documents." if n == in_all else f"The first {n} of {in_all} documents so far."


def corpus_view(
    documents: Sequence[Document], before: Sequence[Prediction], after: Sequence[Prediction], names: tuple[str, str]
) -> View:
    """Errors of both models where the documents have gold spans, else what became of entities, or of classes."""
    if any(one.labels for one in (*before, *after)):
        return class_changes_view(documents, before, after, names)
    if not any(document.spans for document in documents):
        return moves_view(documents, before, after, names)
    compared = compare_errors(entity_errors(documents, before), entity_errors(documents, after))
    return error_changes_view(compared, names)
