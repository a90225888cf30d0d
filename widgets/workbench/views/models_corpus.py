"""All documents under two models: which errors the second one mends, and which it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import ipywidgets as ipw

from explain_lib.analysis import compare_errors, entity_errors
from explain_lib.core import Document, Prediction
from explain_lib.models import predict
from explain_lib.models.protocols import Model, Tick

from ...guard import shown_on
from ...report import ReportPanel
from ...views.class_changes import class_changes_view
from ...views.error_changes import error_changes_view, moves_view
from ...views.report_parts import View
from ..desk import Desk

_CHARACTERS = 1_500  # of text read at once: well under half a second
_FIRST_SHOWN = 8  # documents: from there on figures are shown at every doubling


class CorpusUnderBoth:
    """Errors of all documents before and after; what was read stays, and asking again goes on from there."""

    def __init__(self, desk: Desk, other: Model) -> None:
        self.desk, self.other = desk, other
        n = len(desk.documents)
        self.button = ipw.Button(
            description="Compare all documents", tooltip="Errors of the whole corpus under both models",
            layout=ipw.Layout(width="auto"),
        )  # fmt: skip
        self.line = ipw.Label(f"{n} documents, one pass of each model.")
        self.panel = ReportPanel()
        self._read: list[tuple[Prediction, Prediction]] = []
        self.button.on_click(shown_on(desk)(lambda _: self.ask()))
        head = ipw.HBox([self.button, self.line], layout=ipw.Layout(flex_flow="row wrap"))
        self.widget = ipw.VBox([head, self.panel])

    def ask(self) -> None:
        """Read what was not read yet, in the background."""
        self.desk.jobs.background("Two models: all documents …", self._work)

    def _work(self, tick: Tick) -> None:
        documents, shown = self.desk.documents, _FIRST_SHOWN
        for at, chunk in _chunks(documents, len(self._read)):
            tick(at, len(documents))
            self._read += zip(predict(self.desk.model, chunk), predict(self.other, chunk), strict=True)
            if len(self._read) >= shown and len(self._read) < len(documents):
                shown = 2 * len(self._read)
                self._show()
        tick(len(documents), len(documents))
        self._show()

    def _show(self) -> None:
        n, in_all = len(self._read), len(self.desk.documents)
        documents = [self.desk.documents[i] for i in range(n)]
        self.panel.report = corpus_view(documents, self._read, (self.desk.model.name, self.other.name))
        self.line.value = f"{n} documents." if n == in_all else f"The first {n} of {in_all} documents so far."


def corpus_view(
    documents: Sequence[Document], read: Sequence[tuple[Prediction, Prediction]], names: tuple[str, str]
) -> View:
    """Errors of both models where the documents have gold spans, else what became of entities, or of classes."""
    before, after = ([pair[side] for pair in read] for side in (0, 1))
    if any(one.labels for one in (*before, *after)):
        return class_changes_view(documents, before, after, names)
    if not any(document.spans for document in documents):
        return moves_view(documents, before, after, names)
    compared = compare_errors(entity_errors(documents, before), entity_errors(documents, after))
    return error_changes_view(compared, names)


def _chunks(documents: Sequence[Document], start: int) -> Iterator[tuple[int, list[Document]]]:
    """Neighbouring documents of about the same amount of text, from `start` on, with the place of the first."""
    chunk: list[Document] = []
    for at in range(start, len(documents)):
        chunk.append(documents[at])
        if sum(len(one.text) for one in chunk) >= _CHARACTERS or at == len(documents) - 1:
            yield at - len(chunk) + 1, chunk
            chunk = []
