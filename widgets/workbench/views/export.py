"""Export: the documents with what readers made of their entities, as a corpus of any format that can be written."""

from __future__ import annotations

from datetime import datetime

import ipywidgets as ipw

from explain_lib.core import Prediction
from explain_lib.corpora import corrected
from explain_lib.models.protocols import Tick

from ...guard import shown_on
from ..lines import line
from ..desk import Desk
from ..corpus.reading import Reading

FORMATS = (("JSON lines: holds everything", ".jsonl"), ("brat: a folder of texts and spans", ""),
           ("columns (CoNLL): flat spans", ".conll"))  # fmt: skip
GOLD, PREDICTED = "gold spans", "predicted spans"
NO_STORE = "Nothing can be written: give the workbench a folder, Workbench(…, store=…)."


class ExportCorrected:
    """Writes corrected documents into the store; what they begin with is gold or, after one reading, predicted."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        wide = ipw.Layout(width="auto")
        self.form = ipw.Dropdown(options=FORMATS, description="As", layout=wide)
        self.base = ipw.Dropdown(options=[GOLD, PREDICTED], description="Corrections of", layout=wide,
                                 style={"description_width": "initial"})  # fmt: skip
        self.button = ipw.Button(description="Export corrected documents", layout=wide)
        self.line = line()
        self.button.on_click(shown_on(desk)(lambda _: self.ask()))
        flow = ipw.Layout(flex_flow="row wrap")
        self.widget = ipw.VBox([ipw.HBox([self.button, self.base, self.form], layout=flow), self.line])

    def refresh(self) -> None:
        """Say what can be written."""
        self.button.disabled = self.desk.store is None
        if self.desk.store is None:
            self.line.value = NO_STORE

    def ask(self) -> None:
        """Write in the worker, where a large corpus keeps nobody waiting; predictions are read first if they count."""
        suffix, is_gold = str(self.form.value), self.base.value == GOLD
        self.desk.jobs.background("Export …", lambda tick: self._write(suffix, is_gold, tick))

    def _write(self, suffix: str, is_gold: bool, tick: Tick) -> None:
        store, documents = self.desk.store, self.desk.documents
        if store is None:
            return
        made = corrected(documents, self.desk.corrections, None if is_gold else self._predictions(tick))
        name = f"corrected-{datetime.now():%Y%m%d-%H%M%S}{suffix}"
        problems = store.export(made, name)
        left = f" {len(problems)} spans could not be held, the first: {problems[0].what}." if problems else ""
        self.line.value = f"{len(made)} documents in {store.folder / 'export' / name}.{left}"

    def _predictions(self, tick: Tick) -> list[Prediction]:
        reading = Reading(self.desk)
        for _ in reading.ahead(tick):
            pass
        return reading.predictions
